"""One registry record with every module that pages are made of, written for the tests; no real study."""

from __future__ import annotations

import copy
from typing import Any

_REPORTED: dict[str, Any] = {
    "hasResults": True,
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT90000021",
            "briefTitle": "Corvimab for Itching in Cholestasis",
            "officialTitle": "A Randomised, Double-blind Study of Corvimab for Cholestatic Pruritus",
        },
        "statusModule": {
            "overallStatus": "COMPLETED",
            "startDateStruct": {"date": "2019-03-04", "type": "ACTUAL"},
            "primaryCompletionDateStruct": {"date": "2020-05", "type": "ACTUAL"},
            "completionDateStruct": {"date": "2020-06-30", "type": "ACTUAL"},
            "resultsFirstPostDateStruct": {"date": "2021-01-15", "type": "ACTUAL"},
            "lastUpdatePostDateStruct": {"date": "2021-02-01", "type": "ACTUAL"},
        },
        "sponsorCollaboratorsModule": {
            "leadSponsor": {"name": "Example Institute"},
            "collaborators": [{"name": "Example University"}],
        },
        "descriptionModule": {
            "briefSummary": "Itching keeps people awake.\n\nThe study compares:\n\n* corvimab 300 mg\n* placebo\n\n"
            "Scores \\<5 were left out \\[see protocol\\]."
        },
        "conditionsModule": {"conditions": ["Cholestasis", "Pruritus"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE2", "PHASE3"],
            "designInfo": {
                "allocation": "RANDOMIZED",
                "interventionModel": "PARALLEL",
                "primaryPurpose": "TREATMENT",
                "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "INVESTIGATOR"]},
            },
            "enrollmentInfo": {"count": 98, "type": "ACTUAL"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {
                    "label": "Corvimab",
                    "type": "EXPERIMENTAL",
                    "description": "300 mg under the skin every 4 weeks",
                    "interventionNames": ["Drug: Corvimab"],
                },
                {"label": "Placebo", "type": "PLACEBO_COMPARATOR", "interventionNames": ["Drug: Placebo"]},
            ],
            "interventions": [
                {"type": "DRUG", "name": "Placebo", "armGroupLabels": ["Placebo"]},
                {
                    "type": "DRUG",
                    "name": "Corvimab",
                    "description": "A monoclonal antibody.",
                    "armGroupLabels": ["Corvimab"],
                    "otherNames": ["CRV"],
                },
            ],
        },
        "outcomesModule": {
            "primaryOutcomes": [{"measure": "Change in worst itch", "timeFrame": "Week 12", "description": "0 to 10."}],
            "secondaryOutcomes": [{"measure": "Sleep quality", "timeFrame": "Week 12"}],
        },
        "eligibilityModule": {
            "eligibilityCriteria": "Inclusion Criteria:\n\n* Age 18 to 70\n* Itch score \\>= 5\n\n"
            "Exclusion Criteria:\n\n* Pregnancy\n* History of:\n\n  1. stroke\n  2. cancer",
            "healthyVolunteers": False,
            "sex": "ALL",
            "minimumAge": "18 Years",
            "maximumAge": "70 Years",
        },
    },
    "resultsSection": {
        "participantFlowModule": {
            "recruitmentDetails": "Recruited at 14 hospitals",
            "groups": [{"id": "FG000", "title": "Corvimab"}, {"id": "FG001", "title": "Placebo"}],
            "periods": [
                {
                    "title": "Overall Study",
                    "milestones": [
                        {
                            "type": "STARTED",
                            "achievements": [
                                {"groupId": "FG000", "numSubjects": "50"},
                                {"groupId": "FG001", "numSubjects": "48"},
                            ],
                        }
                    ],
                    "dropWithdraws": [
                        {"type": "Death", "reasons": [{"groupId": "FG000", "numSubjects": "1"}]},
                    ],
                }
            ],
        },
        "baselineCharacteristicsModule": {
            "groups": [{"id": "BG000", "title": "Corvimab"}],
            "denoms": [{"units": "Participants", "counts": [{"groupId": "BG000", "value": "50"}]}],
            "measures": [
                {
                    "title": "Age, Continuous",
                    "paramType": "MEAN",
                    "dispersionType": "STANDARD_DEVIATION",
                    "unitOfMeasure": "years",
                    "classes": [
                        {"categories": [{"measurements": [{"groupId": "BG000", "value": "51.5", "spread": "9.0"}]}]}
                    ],
                }
            ],
        },
        "outcomeMeasuresModule": {
            "outcomeMeasures": [
                {
                    "type": "PRIMARY",
                    "title": "Change in worst itch",
                    "description": "Numeric rating scale",
                    "timeFrame": "Week 12",
                    "paramType": "LEAST_SQUARES_MEAN",
                    "dispersionType": "95% Confidence Interval",
                    "unitOfMeasure": "points",
                    "groups": [{"id": "OG000", "title": "Corvimab"}, {"id": "OG001", "title": "Placebo"}],
                    "denoms": [
                        {
                            "units": "Participants",
                            "counts": [{"groupId": "OG000", "value": "49"}, {"groupId": "OG001", "value": "48"}],
                        }
                    ],
                    "classes": [
                        {
                            "categories": [
                                {
                                    "measurements": [
                                        {
                                            "groupId": "OG000",
                                            "value": "-3.10",
                                            "lowerLimit": "-3.9",
                                            "upperLimit": "-2.3",
                                        },
                                        {"groupId": "OG001", "value": "-1.2", "lowerLimit": "-2.0", "upperLimit": "NA"},
                                    ]
                                }
                            ]
                        }
                    ],
                    "analyses": [
                        {
                            "groupIds": ["OG000", "OG001"],
                            "paramType": "Mean Difference (Final Values)",
                            "paramValue": "-1.9",
                            "ciPctValue": "95",
                            "ciLowerLimit": "-2.9",
                            "ciUpperLimit": "-0.9",
                            "ciNumSides": "TWO_SIDED",
                            "pValue": "<0.0001",
                            "statisticalMethod": "ANCOVA",
                        }
                    ],
                },
                {
                    "type": "SECONDARY",
                    "title": "Sleep quality",
                    "timeFrame": "Week 12",
                    "reportingStatus": "NOT_POSTED",
                },
                {
                    "type": "SECONDARY",
                    "title": "Responders",
                    "paramType": "COUNT_OF_PARTICIPANTS",
                    "unitOfMeasure": "Participants",
                    "groups": [{"id": "OG000", "title": "Corvimab"}],
                    "denoms": [{"units": "Participants", "counts": [{"groupId": "OG000", "value": "49"}]}],
                    "classes": [
                        {
                            "title": "Week 4",
                            "categories": [
                                {"title": "Female", "measurements": [{"groupId": "OG000", "value": "12"}]},
                                {"title": "Male", "measurements": [{"groupId": "OG000", "value": "9"}]},
                            ],
                        }
                    ],
                },
            ]
        },
        "adverseEventsModule": {
            "frequencyThreshold": "5",
            "timeFrame": "16 weeks",
            "eventGroups": [
                {
                    "id": "EG000",
                    "title": "Corvimab",
                    "deathsNumAffected": 1,
                    "deathsNumAtRisk": 50,
                    "seriousNumAffected": 4,
                    "seriousNumAtRisk": 50,
                },
                {"id": "EG001", "title": "Placebo", "seriousNumAffected": 3, "seriousNumAtRisk": 48},
            ],
            "seriousEvents": [
                {
                    "term": "Hepatitis",
                    "organSystem": "Hepatobiliary disorders",
                    "stats": [
                        {"groupId": "EG000", "numAffected": 2, "numAtRisk": 50},
                        {"groupId": "EG001", "numAffected": 0, "numAtRisk": 48},
                    ],
                }
            ],
            "otherEvents": [{"term": "Headache", "stats": [{"groupId": "EG000", "numAffected": 7}]}],
        },
    },
}


def reported() -> dict[str, Any]:
    """Return a record with results."""
    return copy.deepcopy(_REPORTED)


def planned(number: str = "NCT90000022") -> dict[str, Any]:
    """Return the record of a study that has begun and has no results."""
    record = reported()
    del record["resultsSection"]
    record["hasResults"] = False
    protocol = record["protocolSection"]
    protocol["identificationModule"]["nctId"] = number
    protocol["designModule"]["enrollmentInfo"] = {"count": 120, "type": "ESTIMATED"}
    protocol["statusModule"] = {
        "overallStatus": "RECRUITING",
        "startDateStruct": {"date": "2025-03-04", "type": "ACTUAL"},
        "primaryCompletionDateStruct": {"date": "2027-05", "type": "ESTIMATED"},
        "completionDateStruct": {"date": "2027-06-30", "type": "ESTIMATED"},
    }
    return record
