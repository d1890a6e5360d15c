from __future__ import annotations

import pytest

from digestqa.reading.contrasts import drugs_named, lacks_asked_drug, tells_of_another


@pytest.mark.parametrize(
    ("question", "quote", "another"),
    [
        ("change at the hip?", "Lumbar spine density fell by 3.1%.", True),
        ("change at the hip?", "Density fell by 3.1% at the lumbar spine and 2% at the hip.", False),
        ("change at the hip?", "Density fell by 3.1%.", False),
        ("diastolic pressure after the switch?", "Systolic blood pressure fell by 5 mmHg.", True),
        ("how many had loose stools?", "Nausea troubled 12 people.", True),
        ("how many had loose stools?", "Nausea troubled 12 people and diarrhea 4.", False),
        ("platelet recovery?", "Neutrophils recovered after 10 days.", True),
        ("how many men joined?", "Of the women, 12 joined.", True),
        ("partial responses?", "Two patients had a complete response.", True),
        ("even a partial remission?", "There were no complete, partial or mixed responses.", False),
        ("when does it end?", "Recruitment opens in spring 2026.", True),
        ("when did it end?", "It ran from 2019 until 2021.", False),
        ("how did it end?", "Recruitment opened in spring 2026.", False),
        ("pain at week 24?", "At week 12 pain had fallen by 2 points.", True),
        ("pain at week 24?", "Pain fell by 2 points at week 12 and by 3 at week 24.", False),
        ("pain at week 24?", "Pain fell by 2 points.", False),
        ("five-year survival?", "Survival at 3 years was 80%.", True),
        ("five-year survival?", "Survival at 5 years was 80%.", False),
        ("survival at a year?", "Survival at 3 years was 80%.", False),
    ],
)
def test_a_sentence_that_names_only_what_the_question_excludes_tells_of_another(
    question: str, quote: str, another: bool
) -> None:
    assert tells_of_another(question, quote) is another


@pytest.mark.parametrize(
    ("question", "quote", "lacks"),
    [
        ("paclitaxel dose in the trial?", "Bevacizumab was given at 10 mg/kg every two weeks.", True),
        ("dose of paclitaxel in the trial?", "Women got bevacizumab 10 mg/kg and paclitaxel 90 mg/m².", False),
        ("how much tamoxifen was given?", "Thiotepa and carboplatin 1,600 mg/m² were given.", True),
        ("trastuzumab trough?", "The mean pertuzumab trough was 91.4 µg/mL.", True),
        ("apatanib dose?", "Patients took apatinib 500 mg a day.", False),
        ("paclitaxel dose?", "It was 90 mg/m².", False),
        ("dose in the lapatinib study?", "Capecitabine was given at 2,000 mg/m².", False),
        ("who made lapatinib?", "Capecitabine came from Roche.", False),
    ],
)
def test_a_dose_or_level_of_one_drug_is_not_given_for_that_of_another(question: str, quote: str, lacks: bool) -> None:
    assert lacks_asked_drug(question, quote) is lacks


def test_drugs_are_known_by_the_stems_of_their_names() -> None:
    text = "Nivolumab, imatinib, docetaxel and zoledronic acid for women; the slab and the glib were not drugs"
    assert drugs_named(text) >= {"nivolumab", "imatinib", "docetaxel"}
    assert not drugs_named("the slab, a crib, a stable state, an agile vice and the cape")
