"""Stems by which a word is known to be a drug's name (WHO, The use of stems in the selection of INN, 2018)."""

from __future__ import annotations

DRUG_STEMS = (
    "caine|ciclib|cillin|citabine|degib|dronate|dronic|gliflozin|gliptin|lisib|mab|mycin|nib|olol|parib|platin|prazole|"
    "rubicin|sartan|setron|taxel|triptan|vir"
)
"""Alternatives for a pattern: endings that hardly any other word has. Who can bear more mistakes adds further ones."""
