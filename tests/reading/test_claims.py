from __future__ import annotations

import pytest

from digestqa.reading.claims import claim_of, has_no_results_yet

REPORTED = [
    "Median progression-free survival was 10.3 months, against 8.6 with placebo (HR 0.73, 95% CI 0.60-0.89).",
    "Fifty-six of 60 participants (93.3%) were alive without disease at two years.",
    "Serious adverse events occurred in 5 of 7 patients, back pain twice.",
    "The trial stopped early because enrolment was poor.",
    "Women with stage IIB to IIIC disease were eligible.",
    "No patient died during the treatment period.",
    "There was no difference in pain scores between the arms at week 12.",
    "The drug did not improve overall survival.",
    "Patients received 1.6 mg twice weekly for 12 months.",
    "Response was confirmed by an independent committee.",
    "No adverse events or deaths were reported in either arm.",
    "A single serious adverse event was reported with the drug, and none with placebo.",
    "None of the events listed was reported by more than 3 people in a group.",
    "The result rested on 38 patients, 16 of whom had no recurrence.",
    "There were no complete responses and no stable disease.",
    "Investigators testing whether the drug works found that it does.",
    "The trial couldn't show a benefit.",
    "Two deaths were due to bleeding.",
    "A vaccine aimed at one mutation halved the rate of relapse.",
    "App Designed for the Old Cuts Falls by a Third",
    "The drug didn't improve overall survival.",
    "There is little hope that the drug helps.",
]
EXPECTED = [
    "The primary outcome is to measure the number of circulating tumor cells 4 months later, expecting a reduction.",
    "The researchers hypothesize that the vaccine will lower the rate of relapse.",
    "About 300 participants are to be enrolled at 40 sites.",
    "The study aims to determine whether the device shortens the hospital stay.",
    "Completion is anticipated in March 2027.",
    "If successful, this study could offer a new approach to prevent recurrence.",
    "The trial is designed to show non-inferiority within a margin of 10 points.",
    "Enrolment is planned to close in 2028.",
    "Positive findings would pave the way for larger trials.",
    "This study specifically addresses the potential of the peptide to reduce circulating cells after surgery.",
    "The trial asked whether a longer course lowers the rate of relapse.",
    "Participants will receive either the drug or placebo for 24 weeks.",
    "Researchers are investigating whether the drug lowers recurrence.",
    "The team is now examining if a shorter course is enough.",
    "Testing Whether Vitamin D Prevents Falls",
    "A phase 3 trial, still evaluating whether the vaccine prevents relapse, is under way.",
    "The authors hope that the vaccine lowers the rate of relapse.",
    "It is hoped that fewer people relapse.",
    "The study is due to finish in 2027.",
    "The trial aimed at a response rate of 40%.",
    "The trial was designed for superiority.",
    "Monthly Zelanide Aims to Clear Fatty Liver",
]
NOT_AVAILABLE = [
    "Results are not yet available.",
    "As a recruiting study, specific results are not yet available, but the researchers aim to determine an effect.",
    "No results have been posted for this trial.",
    "The record gives no hazard ratio or confidence interval.",
    "The findings have not been published.",
    "Outcome data are still pending.",
    "The digest does not report a p-value for this comparison.",
    "No outcome figures are available so far.",
    "No outcome numbers have been made public for this finished trial.",
    "No p-value comes with that difference.",
    "No significance test accompanies the comparison.",
    "No results accompany the entry, whose last status is recruiting.",
    "The trial was still recruiting at its last update, so there are no findings to report.",
    "Overall survival is not part of the posted outcomes.",
    "The outcome data are not in the registry.",
    "Performance figures for the models do not appear in the record.",
    "Until the numbers are released, nobody can tell which arm did better.",
    "The endpoint could not be reported because the forms were lost.",
    "Nothing can be reported yet, as enrolment has not opened.",
    "The figures describe the first weeks only and say nothing about survival.",
    "The study is complete but has reported no results.",
    "The results haven't been posted yet.",
    "The findings haven’t been published.",
    "The digest doesn't report a p-value for this comparison.",
    "The outcome data can't be shared.",
]


@pytest.mark.parametrize("sentence", REPORTED)
def test_what_was_observed_is_reported(sentence: str) -> None:
    assert claim_of(sentence) == "reported"


@pytest.mark.parametrize("sentence", EXPECTED)
def test_an_aim_or_an_expectation_is_expected(sentence: str) -> None:
    assert claim_of(sentence) == "expected"


@pytest.mark.parametrize("sentence", NOT_AVAILABLE)
def test_a_lack_of_results_is_not_available(sentence: str) -> None:
    assert claim_of(sentence) == "not_available"


def test_an_outcome_of_a_study_without_results_is_expected() -> None:
    sentence = "The primary outcome is the change in pain at week 12."
    assert claim_of(sentence) == "reported"
    assert claim_of(sentence, no_results_yet=True) == "expected"


def test_a_digest_says_whether_its_study_has_results() -> None:
    assert has_no_results_yet(["As a recruiting study, specific results are not yet available, but they aim."])
    assert has_no_results_yet(["No results have been posted."])
    assert has_no_results_yet(["The results haven't been posted yet."])
    assert not has_no_results_yet(["Results were good.", "No patient died."])
    lacking = "No participants were enrolled in Part 2; therefore, no data were collected for this endpoint."
    assert not has_no_results_yet(["The mean fell by 4 points.", lacking])
    assert has_no_results_yet(["No participants were enrolled, so no outcome data were collected."])
