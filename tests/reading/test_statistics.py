from __future__ import annotations

import pytest

from digestqa.reading.statistics import lacks_asked_statistic

MEDIANS = "Median PFS was 7.4 months (95% confidence interval 5.3–8.1) against 5.4 months."


@pytest.mark.parametrize(
    ("question", "quote", "lacks"),
    [
        ("HR for PFS?", MEDIANS, True),
        ("hazard ratio, high against low dose", MEDIANS, True),
        ("HR for PFS?", "The drug cut the risk of progression (HR 0.72).", False),
        ("adjusted hazard ratio?", "The aHR was 0.8.", False),
        ("p value for PFS", MEDIANS, True),
        ("p-value?", "The arms differed (p = 0.03).", False),
        ("p value?", "The difference was not significant.", False),
        ("95% CI for the median", MEDIANS, False),
        ("SD of the change", "The mean change was 4.1 ± 1.2.", False),
        ("interquartile range of the stay", "The median stay was 4 days.", True),
        ("hr for PFS?", MEDIANS, True),
        ("pain score at 24 hrs?", "The pain score was 3.1 after a day.", False),
        ("AUC over 24 hr?", "The exposure was 310 ng·h/mL.", False),
        ("AUC over 24-HR dosing?", "The exposure was 310 ng·h/mL.", False),
        ("how many mg per hr?", "It ran at 5 mg an hour.", False),
        ("how many hrs after the dose?", "The peak came two hours later.", False),
        ("HR for PFS at 24 months?", MEDIANS, True),
        ("HR for PFS2?", MEDIANS, True),
        ("resting HR at week 4?", "Heart rate fell by 6 beats a minute.", False),
        ("how many had SD?", "Twelve patients had stable disease.", False),
        ("SD of the change?", "The mean change was 4.1 points.", True),
        ("standard deviation of the change?", "Twelve patients had stable disease.", True),
        ("median PFS?", "PFS reached 7.4 months.", False),
        ("did the drug reduce hospital stays?", MEDIANS, False),
        ("did it improve overall survival?", MEDIANS, True),
        ("median OS?", "Disease-free survival was 31 months.", True),
        ("median OS?", "The median was 31 months.", False),
        ("overall survival and PFS?", MEDIANS, False),
        ("time to progression?", MEDIANS, False),
        ("how long did responses last, DoR?", MEDIANS, True),
        ("what os did the tablet run on?", MEDIANS, False),
        ("mean PFS?", MEDIANS, True),
        ("median (not mean) age?", "The mean age was 61 years.", True),
        ("mean, not the median age?", "The mean age was 61 years.", False),
        ("median age?", "The average age was 61 years.", False),
        ("average PFS?", MEDIANS, False),
        ("mean age?", "The mean age was 61 years, the median 63.", False),
        ("mean age?", "They were 61 years old.", False),
        ("what did a longer PFS mean for patients?", MEDIANS, False),
        ("what does the median mean?", MEDIANS, False),
        ("which mean age did it report?", "The median age was 61.", True),
    ],
)
def test_a_sentence_without_the_statistic_that_is_asked_for_by_name_is_known(
    question: str, quote: str, lacks: bool
) -> None:
    assert lacks_asked_statistic(question, quote) is lacks
