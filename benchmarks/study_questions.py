"""Questions about a made-up study, with what is known of their answers."""

from __future__ import annotations

from benchmarks.study_pages import Study


def questions_about(of: Study) -> list[dict[str, object]]:
    """Return questions that a person might put, with the study, the answers and their sentences, as qa.jsonl has them.

    One names the study by its number; the others by compound and condition or by its acronym.
    """
    facts = of.facts
    compound, condition, outcome = facts["compound"], facts["condition"], facts["outcome"]
    source = of.source
    found: list[dict[str, object]] = []

    def add(kind: str, question: str, answers: list[str], sentence: str, section: str) -> None:
        found.append(
            {
                "id": f"g{of.number}-{len(found)}",
                "question": question,
                "type": kind,
                "source": [source],
                "answers": answers,
                "sentence": sentence,
                "section": section,
                "history": [],
            }
        )

    results = dict(of.sections)["Results"]
    if of.primary >= 0:
        sentence = results[of.primary]
        figure = next(facts[name] for name in ("share", "median", "delta", "rate") if facts[name] in sentence)
        add("number", f"what was the result for {outcome} on {compound} in {source}?", [figure], sentence, "Results")
        asked = f"{outcome} with {compound} in {facts['people']} with {facts['kindcondition']}"
        add("number", asked, [figure], sentence, "Results")
        if facts["acronym"] in "".join(text for _, part in of.sections for text in part):
            add("number", f"what did {facts['acronym']} find for {outcome}?", [figure], sentence, "Results")
    else:
        add("unanswerable", f"how many people on {compound} reached {outcome} in {source}?", [], "", "")
    for name, asked, kind in (
        ("exclusion", f"who could not take part in the {compound} trial for {condition}?", "span"),
        ("dose", f"what dose of {compound} was given in {source}", "span"),
        ("target", f"how does {compound} work in {condition}", "span"),
        ("institute", f"who ran the {compound} study in {facts['kindcondition']}, {facts['country']}?", "span"),
    ):
        holding = [(text, heading) for heading, part in of.sections for text in part if facts[name] in text]
        if holding:
            add(kind, asked, [facts[name]], *holding[0])
    if of.layout in ("A", "C"):
        model = of.footer.rsplit("Digest: ", 1)[1]
        add("metadata", f"which model wrote the digest of {source}?", [model], of.footer, "footer")
    return found
