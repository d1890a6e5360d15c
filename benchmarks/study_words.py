"""What generated studies are made of: names, conditions, compounds, outcomes and the sentences about them.

Sentences are written in a small notation: ``{one|another}`` is a choice, which may hold further choices, and ``<name>``
stands for a fact of the study. Nothing here was taken from a real digest.
"""

from __future__ import annotations


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in " ".join(text.split()).split("|"))


ONSETS = (
    "ab be bru ca cor da del du e fi fo gal ha i ja ka ki la lo lu ma mi na nav o or pel pi qui ra ri ro sa sel sol \
ta tem tre u ul va vex vi zan ze zo".split()
)
MIDDLES = (
    "ba be ca cu da dom do fen fi ga gli ka la li lo lu ma me mo na ni no nu pe pra ra ri ro sa se so ta te to tri \
va ve vi xa xi zo".split()
)
ENDS = "mab limab zumab nib tinib ciclib pril sartan vastin zole tide mycin lukast gliptin gliflozin parin xaban stat \
fenac dronate olol setron triptan vir cel rubicin platin leucel gene".split()
ENDS_OF_NAMES = "berg by dale field ford ham holt ley lund mere mont ness rup sen son stad ton vik wick worth".split()

CLASSES = _listed(
    """monoclonal antibody | kinase inhibitor | loop diuretic | vitamin analogue | immune modulator | peptide vaccine |
    calcium channel blocker | enzyme replacement | gene therapy | topical steroid | antibody-drug conjugate |
    proteasome inhibitor | checkpoint inhibitor | antisense oligonucleotide | cell therapy | growth hormone analogue |
    bile acid binder | beta blocker | dopamine agonist | incretin mimetic | antiviral | antifungal | probiotic |
    complement inhibitor | radioligand | opioid antagonist | muscarinic antagonist | bisphosphonate | iron chelator |
    factor concentrate | interleukin blocker | sodium channel blocker | hormone antagonist | alkylating agent |
    platelet inhibitor | oncolytic virus | bispecific antibody | thyroid analogue | nitric oxide donor | chaperone"""
)

CONDITIONS = _listed(
    """heart failure (HF) | essential tremor (ET) | chronic migraine (CM) | plaque psoriasis | rheumatoid arthritis (RA) |
    severe asthma | type 2 diabetes (T2D) | ulcerative colitis (UC) | atrial fibrillation (AF) | major depression (MDD) |
    osteoporosis | chronic hepatitis B (CHB) | ovarian cancer | gastric cancer | multiple myeloma (MM) |
    cystic fibrosis (CF) | sickle cell disease (SCD) | endometriosis | chronic kidney disease (CKD) | acute pancreatitis |
    obstructive sleep apnoea (OSA) | atopic dermatitis (AD) | gout | systemic lupus erythematosus (SLE) |
    Parkinson's disease (PD) | amyotrophic lateral sclerosis (ALS) | follicular lymphoma (FL) | acute myeloid leukaemia (AML) |
    small cell lung cancer (SCLC) | pancreatic cancer | glioblastoma (GBM) | hepatocellular carcinoma (HCC) |
    renal cell carcinoma (RCC) | bladder cancer | prostate cancer | cervical cancer | head and neck cancer |
    chronic obstructive pulmonary disease (COPD) | idiopathic pulmonary fibrosis (IPF) | community-acquired pneumonia (CAP) |
    tuberculosis | malaria | HIV infection | influenza | sepsis | urinary tract infection (UTI) | Crohn's disease |
    irritable bowel syndrome (IBS) | coeliac disease | non-alcoholic steatohepatitis (NASH) | primary biliary cholangitis (PBC) |
    polycystic ovary syndrome (PCOS) | pre-eclampsia | postpartum haemorrhage (PPH) | infertility | menopause symptoms |
    schizophrenia | bipolar disorder | generalised anxiety disorder (GAD) | autism | attention deficit disorder (ADHD) |
    alcohol use disorder (AUD) | opioid dependence | insomnia | restless legs syndrome (RLS) | epilepsy | multiple sclerosis (MS) |
    myasthenia gravis (MG) | neuropathic pain | low back pain | knee osteoarthritis (OA) | ankylosing spondylitis (AS) |
    giant cell arteritis (GCA) | fibromyalgia | haemophilia A | immune thrombocytopenia (ITP) | aplastic anaemia |
    iron deficiency anaemia (IDA) | beta thalassaemia | venous thromboembolism (VTE) | stable angina | stroke |
    pulmonary arterial hypertension (PAH) | resistant hypertension | familial hypercholesterolaemia (FH) | obesity |
    hypothyroidism | acromegaly | type 1 diabetes (T1D) | glaucoma | dry eye disease | macular degeneration (AMD) |
    diabetic retinopathy | hearing loss | chronic rhinosinusitis | peanut allergy | hay fever | acne | vitiligo |
    alopecia areata | hidradenitis suppurativa (HS) | burns | pressure ulcers | dental caries | periodontitis |
    kidney transplantation | acute lymphoblastic leukaemia (ALL) | neuroblastoma | bronchiolitis | Duchenne dystrophy (DMD) |
    spinal muscular atrophy (SMA) | Gaucher disease | Fabry disease | phenylketonuria (PKU) | delirium | frailty"""
)

KINDS = _listed(
    """ | | | newly diagnosed | relapsed | refractory | moderate-to-severe | mild | advanced | early | recurrent |
    previously untreated | drug-resistant | uncontrolled | steroid-dependent | acute | long-standing | biopsy-proven"""
)
PEOPLE = _listed(
    """patients | patients | participants | adults | adults | people | women | men | children | adolescents |
    older adults | outpatients | volunteers | infants"""
)
PLACES = _listed(
    """Norway | Chile | South Korea | Kenya | Canada | Italy | Japan | Poland | Brazil | Thailand | Spain | Egypt | India |
    Germany | Mexico | New Zealand | Turkey | Denmark | Vietnam | Uganda | France | Israel | Finland | Argentina | Ireland |
    South Africa | the Netherlands | Greece | Taiwan | Portugal | Pakistan | Sweden | Peru | Belgium | Nigeria | Austria |
    the United States | the United Kingdom | China | Iran | Bangladesh | Switzerland | Hungary | Ghana | Malaysia"""
)
SITES = _listed(
    """university hospitals | outpatient clinics | general practices | referral centres | community hospitals |
    research units | district hospitals | teaching hospitals | specialist clinics | primary care sites"""
)
FORMS = _listed(
    """tablet | capsule | oral solution | subcutaneous injection | intravenous infusion | nasal spray | patch | cream |
    inhaler | depot injection | eye drop | sublingual film | suppository | intramuscular injection"""
)
SCHEDULES = _listed(
    """once daily | twice daily | three times a day | every other day | once a week | every two weeks | every three weeks |
    every four weeks | on days 1 and 8 of a 21-day cycle | on days 1 to 5 of each 28-day cycle | at bedtime |
    before each meal | as a single dose | every six hours | every three months"""
)
DOSES = _listed(
    """0.25 mg | 0.5 mg | 1 mg | 2 mg | 2.5 mg | 4 mg | 5 mg | 7.5 mg | 10 mg | 15 mg | 20 mg | 25 mg | 30 mg | 40 mg |
    50 mg | 60 mg | 75 mg | 80 mg | 100 mg | 120 mg | 150 mg | 180 mg | 200 mg | 250 mg | 300 mg | 400 mg | 450 mg |
    600 mg | 800 mg | 1,000 mg | 1.5 g | 3 mg/kg | 6 mg/kg | 8 mg/kg | 10 mg/kg | 15 mg/kg | 25 mg/m² | 60 mg/m² |
    75 mg/m² | 100 mg/m² | 375 mg/m² | 30 µg | 90 µg | 200 µg | 1,000 IU | 4,000 IU | 20,000 IU | 0.1% | 2%"""
)

# By the figures that go with an outcome.
SHARE_OUTCOMES = _listed(
    """clinical remission | a complete response (CR) | an objective response (ORR) | hospital readmission | treatment failure |
    at least one relapse | sustained virological response (SVR) | a 75% improvement of the skin index (PASI 75) |
    a 20% improvement of the joint index (ACR20) | freedom from seizures | viral suppression | graft survival |
    healing of the ulcer | abstinence | live birth | a fall of at least half in headache days | clinical cure |
    pathological complete response (pCR) | normal serum urate | any bleeding | conversion to sinus rhythm |
    mucosal healing | disease control (DCR) | a new fracture | successful extubation | transfusion independence |
    minimal residual disease negativity (MRD) | steroid-free remission | postoperative delirium | seroconversion"""
)
TIME_OUTCOMES = _listed(
    """overall survival (OS) | progression-free survival (PFS) | time to first relapse | disease-free survival (DFS) |
    time to hospital discharge | event-free survival (EFS) | time to next treatment (TTNT) | duration of response (DOR) |
    time to clinical worsening | time to symptom relief | metastasis-free survival (MFS) | time to dialysis |
    time to fever clearance | time to first exacerbation | time to wound closure"""
)
CHANGE_OUTCOMES = _listed(
    """the six-minute walk distance (6MWD); m | the worst-pain score; points | glycated haemoglobin (HbA1c); percentage points |
    bone mineral density (BMD); % | forced expiratory volume in one second (FEV1); mL | body weight; kg |
    systolic blood pressure (SBP); mm Hg | the depression rating scale (HDRS); points | LDL cholesterol (LDL-C); mg/dL |
    the fatigue scale; points | best-corrected visual acuity (BCVA); letters | serum ferritin; ng/mL |
    the estimated glomerular filtration rate (eGFR); mL/min | monthly headache days; days | the itch scale; points |
    the disability index; points | left ventricular ejection fraction (LVEF); percentage points | the sleep score; points |
    intraocular pressure (IOP); mm Hg | haemoglobin; g/dL | the tender joint count; joints | liver stiffness; kPa |
    C-reactive protein (CRP); mg/L | the quality of life index (QoL); points | the anxiety inventory; points |
    parathyroid hormone (PTH); pg/mL | the motor score; points | CD4 cell count; cells/µL | the tremor scale; points"""
)
RATE_OUTCOMES = _listed(
    """the annual relapse rate | exacerbations | falls | bleeding episodes | hospital admissions | seizures |
    pain crises | gout flares | opportunistic infections | hypoglycaemic episodes | major cardiovascular events (MACE) |
    asthma attacks | urinary infections | strokes | hip fractures"""
)
EVENTS = _listed(
    """nausea | headache | dizziness | fatigue | rash | diarrhoea | cough | raised liver enzymes | insomnia | constipation |
    vomiting | dry mouth | back pain | joint pain | neutropenia | anaemia | thrombocytopenia | fever | hypotension |
    injection-site reactions | infusion reactions | pruritus | hypertension | oedema | hyperglycaemia | hypokalaemia |
    upper respiratory infection | urinary tract infection | palpitations | blurred vision | taste disturbance | hair loss |
    mouth sores | peripheral neuropathy | muscle cramps | somnolence | loss of appetite | abdominal pain | nosebleeds |
    bradycardia | flushing | tremor | sinusitis | proteinuria | hand-foot syndrome"""
)
EXCLUSIONS = _listed(
    """pregnancy or breastfeeding | severe kidney disease | active hepatitis | a stroke within six months | recent surgery |
    a history of seizures | untreated high blood pressure | current use of warfarin | any active infection | organ transplantation |
    a QT interval above 470 ms | haemoglobin below 9 g/dL | a body mass index above 40 kg/m² | alcohol misuse | brain metastases |
    earlier use of a drug of the same class | a platelet count below 75,000/mm³ | insulin treatment | unstable angina |
    allergy to any part of the product | uncontrolled thyroid disease | cirrhosis | immunosuppressive treatment | glaucoma |
    another cancer in the past five years | creatinine above 2 mg/dL | live vaccines within 30 days | suicidal thoughts |
    participation in another trial | use of strong CYP3A4 inhibitors | a cardiac pacemaker | difficulty swallowing"""
)
TARGETS = _listed(
    """an enzyme that keeps inflammation going | a receptor on the cell's surface | a transport protein of the kidney |
    a channel that lets calcium into the cell | a signal that drives blood vessel growth | the repair of damaged DNA |
    the release of stomach acid | a checkpoint that holds T cells back | the uptake of bile acids | a clotting factor |
    the assembly of the virus | a hormone that governs appetite | the breakdown of bone | a messenger of itch |
    the folding of a misbuilt protein | the division of tumour cells | nerve signals for pain | the loss of muscle |
    the storage of iron | mucus in the airways | the body clock | scar formation | the growth of fungi | platelet clumping"""
)

SHORT_DESIGNS = {
    "rct": _listed(
        """randomised, double-blind, placebo-controlled trial | randomised open-label trial | randomised crossover trial |
        double-blind trial with three arms | non-inferiority trial | cluster-randomised trial | factorial trial |
        multicentre randomised phase 3 trial | randomised phase 2 trial | stepped-wedge trial | double-dummy trial"""
    ),
    "single arm": _listed(
        """single-arm phase 2 study | open-label dose-escalation study | extension study without a control group |
        phase 1 study | single-group feasibility study | two-stage single-arm trial | compassionate-use study"""
    ),
    "observational": _listed(
        """prospective cohort | retrospective cohort | registry study | case-control study | cross-sectional survey |
        review of records | post-marketing surveillance study | nested cohort | pharmacy claims study"""
    ),
    "other": _listed(
        """pilot study | pharmacokinetic study | bioequivalence study in healthy people | imaging study | adaptive platform study |
        dose-finding study | interaction study | mechanistic study"""
    ),
}

BACKGROUND = _lines(
    """
    {People with|Patients with|Those who live with} <condition> have {few|not many|only a handful of} good choices {when|once} {the usual treatment|standard care|first-line treatment} {stops helping|fails|wears off}, and {many|about one in <few>|more than a third} stop taking it.
    <condition1> {affects|touches|troubles} {roughly|an estimated|about} <hundreds> in every 100,000 people in <country>, and its {burden|cost|toll} {keeps growing|has doubled in a decade|falls mostly on families}.
    {Current|Present|Existing} drugs for <condition1> {ease|relieve|lessen} symptoms {without changing|but do not change} the course of the disease.
    {Relapse|A setback|Worsening} after {surgery|induction|the first course|stopping treatment} is {common|frequent|the rule} in <condition1>, and {no agreed plan|little evidence|no licensed drug} exists for what should come next.
    <Compound>, a <class>, {blocks|acts on|targets|dampens} <target>, which {is thought to|may|is believed to} {drive|sustain|feed} <condition1>.
    <Compound> (<code>) is {a <class> given as a <form>|a <form> that belongs to the <class> group|a newer <class>}{|, first made for <other>|, already approved for <other>|, not yet approved anywhere}.
    {Earlier work|A small earlier study|Animal work|A pilot in <few> volunteers|Laboratory work at the <institute>} {suggested|hinted|showed} that <compound> {lowers|reduces|brings down} <marker>, a {marker|sign|blood marker} of <condition>.
    {The <institute> had seen|Doctors at the <institute> had noticed|A registry of the <institute> had shown} {better|unexpected|faster} {recovery|outcomes|control} in <few> people who {happened to take|were given|received} <compound> for <other>.
    {This|The} <design>, {known as|called|named} <acronym>, {asked|set out to learn|tested} whether <compound> {improves|changes|helps with} <outcome1> in <people> with <kindcondition>.
    The question {behind|of} <acronym> was {whether|if} {adding <compound> to usual care|<compound> alone|a higher dose of <compound>} {helps|is worth its risks|does better than <comparator>} in <kindcondition>.
    {The study was run|The work was done|Enrolment took place} {at|in} <centres> <sites> in <country> and <country2> and {was paid for|was funded|was supported} by {the <institute>|a grant from <country>|the maker of <compound>}.
    {<People> aged <age> or older|Those from age <age> on|<People> between <age> and <oldest> years} with <condition> for at least <months> months {could take part|were eligible|could join}; <exclusion> {ruled a person out|meant exclusion|was not allowed}.
    {Among other things, <exclusion2> kept people out|A person with <exclusion2> could not join|<exclusion2c> was a reason for exclusion}, because {it could blur the findings|of safety concerns|the drug is cleared by the liver|dosing would have been unsafe}.
    The {gene|variant|receptor} <gene> {may decide|seems to shape|is suspected to govern} who responds, so {blood|tissue|saliva} was {kept|stored|collected} for {later|further} tests.
    {Guidelines|Expert panels|Textbooks} {disagree on|are silent about|only cautiously mention} the place of <class> drugs in <kindcondition>.
    {Standard care|What is usually given}, {such as|for example} <other_compound>, {carries|brings} a risk of <event3> {that limits its use|, above all in older people|that many patients will not accept}.
    """
)
DESIGN = _lines(
    """
    In all, <n> <people> {were enrolled|took part|were included|entered the study} at <centres> {centres|sites} in <country>{| and <country2>| between <year> and <year2>}.
    {Altogether|Overall}, <n> <people> {gave consent|were taken in|joined} and {were followed|stayed under observation} for <weeks> weeks.
    {<Compound> was given|Participants received <compound>|The active group took <compound>} as a <form>, <dose> <schedule>, for <weeks> weeks{|, and the others got <comparator>|, with <comparator> as the control}.
    The dose {began at|was started at} <dose> and {could be raised to|rose to} <dose2> {if tolerated|after four weeks|at the doctor's discretion}.
    {Visits were planned|People were seen|Assessments took place} at baseline and {at weeks 1, 2 and <weeks>|every <few> weeks|monthly until week <weeks>}.
    {Randomisation|Assignment} was {stratified by|balanced for} {age and sex|centre|severity of <condition1>|earlier treatment}, and {neither staff nor patients knew|only the pharmacist knew|an outside committee kept} the assignment.
    <marker_c> was {measured|read|analysed} {in a central laboratory|by blinded staff|with the <instrument> assay} {twice|at every visit|before and after treatment}.
    The <instrument> {questionnaire|scale|index} was filled in {at home|by telephone|at each visit}, {higher|lower} scores meaning {better|worse} {health|function|symptoms}.
    {A sample of|It was reckoned that} <n> {people|patients} {would give|was needed for} <power>% power to {detect|show} a {difference|gain} of <few> {points|percentage points|units}.
    {Rescue treatment with <other_compound>|Use of <other_compound>|Paracetamol} was {allowed|permitted} {throughout|after week 2|when symptoms became severe} and {recorded in a diary|counted at each visit}.
    {A person who missed|Anyone who missed} more than <few> doses {left the per-protocol analysis|was counted as a failure|was withdrawn}.
    {A safety board|An independent committee|A monitoring board} {looked at|reviewed} the data after {every <few> patients|half of the patients|each cohort}.
    """
)
SHARE_RESULTS = _lines(
    """
    {The primary outcome, <outcome1>, was reached|<outcome1c>, the main outcome, was seen|<outcome1c> occurred} in <hits> of <treated> {people|patients} ({<share>%|<share> %}) on <compound> and in <misses> of <control> (<cshare>%) {on|with} <comparator> ({HR|RR|OR} {|= }<ratio>, 95% CI <low>{-|–| to }<high>; <p>).
    On <compound>, <hits> of <treated> (<share>%) {had|reached|achieved} <outcome1>{, against|; it was|, compared with} <misses> of <control> (<cshare>%) {on|under|with} <comparator> (<p>).
    """
)
SHARE_SINGLE = _lines(
    """
    {The main outcome, <outcome1>, was seen|<outcome1c> was recorded|<outcome1c> occurred} in <hits> of <treated> {people|patients} (<share>%; 95% CI <low1>–<high1>%) {by|at} week <weeks>.
    Of <treated> {people who could be judged|treated patients|evaluable patients}, <hits> (<share>%) {had|reached|achieved} <outcome1>.
    """
)
TIME_RESULTS = _lines(
    """
    {Median|The median of} <outcome1> was <median> months {on|with} <compound> {against|and|compared with} <cmedian> months {on|with} <comparator> (HR {= |of |}<ratio>, 95% CI <low>–<high>; <p>).
    <outcome1c>, the primary outcome, {had a median of|reached a median of|came to} <median> months under <compound> and <cmedian> months under <comparator> (hazard ratio <ratio>; <p>).
    """
)
TIME_SINGLE = _lines(
    """
    {Median|The median of} <outcome1> was <median> months (95% CI <mlow>–<mhigh>) {over|after} a follow-up of <follow> months.
    <outcome1c>, the main outcome, {had a median of|came to} <median> months{| in the <treated> people who were treated}.
    """
)
CHANGE_RESULTS = _lines(
    """
    The {primary outcome|main measure} was {the change in|how far treatment moved} <outcome1> at week <weeks>: {it changed by|a mean of} <delta> ± <sd> <unit> {on|with} <compound> and <cdelta> ± <sd2> <unit> on <comparator> (<p>).
    <outcome1c> {changed|moved} by <delta> <unit> (SD <sd>) with <compound> and by <cdelta> <unit> (SD <sd2>) with <comparator>; the difference {was <diff> <unit>|came to <diff> <unit>} (95% CI <dlow> to <dhigh>; <p>).
    """
)
CHANGE_SINGLE = _lines(
    """
    <outcome1c> {changed|moved} by <delta> ± <sd> <unit> from baseline to week <weeks> in <treated> people (<p>).
    By week <weeks> the {mean|average} change of <outcome1> was <delta> <unit> (SD <sd>; <p>).
    """
)
RATE_RESULTS = _lines(
    """
    {There were|The study counted} <rate> {events|episodes} per 100 {person-years|patient-years} of <outcome1> on <compound> and <crate> on <comparator> (rate ratio <ratio>, 95% CI <low>–<high>; <p>).
    For <outcome1> the rate {was|came to} <rate> per 100 person-years with <compound>{, against| and} <crate> with <comparator> (<p>).
    """
)
RATE_SINGLE = _lines(
    """
    The rate of <outcome1> {was|came to} <rate> per 100 person-years {of|over} <follow> months{| (95% CI <rlow>–<rhigh>)}.
    """
)
MORE_RESULTS = _lines(
    """
    {As for <second>,|For <second>,|Looking at <second>,} <hits2> of <treated> {people|patients} on <compound> {did well|met the mark|reached the goal} ({<share2>%|<share2> %}), {which the authors call exploratory|a secondary outcome|with no correction for many tests}.
    {Secondary outcomes|Other measures} {pointed the same way|were mixed|did not differ}: <second> was {similar in both groups|better with <compound>|unchanged}, and <third> {improved|worsened slightly|stayed level}.
    {Among carriers of|In people with} the <gene> variant, the {effect|gain|response} was {larger|smaller|about the same} (<sub3> of <sub>).
    <marker_c> {fell|rose|changed} from <lab1> to <lab2> <labunit> {within <few> weeks|by week <weeks>|after the last dose}, {without|with a weak} relation to {dose|response|age}.
    {In <country>,|Among those under 40,|In women,|In the <instrument> subgroup,} {the result|the finding} {held|was weaker|could not be judged}, {with|on the strength of} only <sub> {people|patients}.
    {The effect|The difference} {was visible|appeared} after <few> weeks and {lasted|held} until {week <weeks>|the end of follow-up}.
    {A plan|An analysis} that left out <sub> {people|patients} with {protocol breaches|missing data} {gave the same picture|changed nothing|weakened the effect to <p>}.
    {Missing values|Gaps} were {filled by multiple imputation|counted as failures|left out}, and {a repeat with complete cases only|the reverse rule} {agreed|made no difference}.
    {Peak concentration|Exposure|The area under the curve} {rose in step with the dose|levelled off above <dose>|varied threefold}, with a half-life of <hours> hours.
    {Treatment|<Compound>} was {stopped early|reduced|paused} in <sub2> {people|patients}, {mostly|chiefly} {because of|for} <event3>.
    {Quality of life|The <instrument> score} {improved|rose} by <few> points on <compound>{, a change that patients can feel|, short of what counts as meaningful|}.
    """
)
SAFETY = _lines(
    """
    The most common {unwanted effects|adverse events|side effects} were <event1> ({<events1>%|in <events1>%}) and <event2> (<events2>%){|, mostly mild}.
    {<event1c> was reported by|<event1c> occurred in} <hurt> of <treated> people on <compound> and <hurt2> of <control> on <comparator>.
    Serious adverse events {occurred in|struck} <serious> {people|patients}{, none of them judged to be due to the drug|, among them <event3>|}.
    {No one died|One death, from <event3>, was unrelated|<few> deaths occurred, evenly spread over the groups}.
    <left> {people|patients} left {the study early|before week <weeks>}, {most of them|chiefly} {for personal reasons|because of <event2>|after moving away}.
    {Laboratory values|Liver tests|Heart tracings} {gave no cause for concern|stayed within normal limits|were abnormal in <few> people}.
    Follow-up went on for <follow> {weeks|months} after the last dose, {without new safety findings|and <event3> was seen in <few> more people|with no late harm}.
    {Antibodies|Antibodies against <compound>} were found in <hurt> {people|patients} and {did not matter for|seemed to weaken} the response.
    """
)
NO_RESULTS = _lines(
    """
    {No results have been posted yet|Results are not yet available|No outcome data have been reported}; {enrolment|recruitment} of <n> <people> {is planned|is under way|was expected to finish in <year2>}.
    The primary outcome {will be|is to be} <outcome1> at week <weeks>, and {a gain of <few> points is hoped for|the trial expects a smaller number of <event3> cases}.
    {Doses of|Participants will receive} <dose> <compound> <schedule> {will be compared with|against} <comparator> for <weeks> weeks.
    {Secondary outcomes will include|Also planned is} <second> and the {<instrument> score|number of <event1> events}.
    {The sponsor expects|It is expected} that <centres> {centres|sites} in <country> will take part.
    """
)
MATTERS = _lines(
    """
    {<condition1c>|The disease} {takes years of healthy life|costs working years|wears families down}, so {even a modest gain counts|a small step is welcome|any new choice matters}.
    {The study was not large enough|<n> people are too few} to {judge|exclude} rare harms, {and|while} {whether <compound> works in <other> is still open|longer use has not been studied}.
    {For clinics|For patients|For doctors} in <country>, a <form> {that can be taken at home|given <schedule>} {would be simpler|would cost fewer visits|takes less time} than <other_compound>.
    {A direct comparison|A head-to-head trial} with <other_compound> {is missing|would settle the matter|is what should come next}.
    {The findings|These numbers} {need to be repeated|should be confirmed} {in other countries|in a larger trial|outside <sites>} before {practice changes|guidelines can take them up}.
    {If the signal holds|Should it be confirmed}, <compound> {could be offered|might find a place} {earlier|after <other_compound>|to those who carry <gene>}.
    {Cost|Supply|Storage} {is another matter|was not looked at|will decide how far it spreads}: {each course|a year of treatment} {needs|asks for} <few> {visits|blood tests}.
    {Because everyone knew|Since nobody was blinded and everyone knew} what was given, {some of the effect may be expectation|the ratings may be coloured}.
    {The result speaks against|The data argue for|It is a reason to rethink} {using|keeping} <class> drugs {as a last resort|for all|only in <kindcondition>}.
    {The drop-outs|Those lost to follow-up} ({<left> in all|<left> people}) {leave some doubt|could have tipped the balance}.
    {Longer follow-up of the <acronym> cohort|A second phase of <acronym>|<acronym>-2} {is planned|has begun|will report in <year2>}.
    """
)
