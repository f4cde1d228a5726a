"""What Frictionless cannot say about the tables: rules that span columns, rows and tables.

Each rule is a generator of one sentence a breach, with file, row id and what to do.
"""

import re
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise, product
from pathlib import Path

import pandas as pd

from casebook.data import DATA, load, tables
from casebook.robustness import CHOICES, SCORES, rate
from casebook.rows import ROW_TABLES
from tools.people_page import SPEAKERS, rows_naming

MOST_QUOTED_WORDS = 20
UNEVEN = 0.25  # how far the length of an advocate's case may lie from the mean of all
INTERVALS = [
    ("value_low", "value_high"),
    ("personnel_low", "personnel_high"),
    ("days_to_response_low", "days_to_response_high"),
    ("year_start", "year_end"),
    ("starts", "ends"),
    ("period_start", "period_end"),
    ("date_start", "date_end"),
]
# column of ids, single or joined by ";" -> the table that has them
REFERENCES = {
    "source_id": "sources",
    "source_ids": "sources",
    "quote_source_id": "sources",
    "theory_source_ids": "sources",
    "core_source_ids": "sources",
    "awkward_source_ids": "sources",
    "claim_ids": "claims",
    "best_claim_id": "claims",
    "contested_by": "claims",
    "event_ids": "events",
    "evidence_ids": "indicator_evidence",
    "provision_ids": "provisions",
    "replaced_by": "hypotheses",
}
TABLES_RESTED_ON = ("claims", "events", "legal_views", "evidence_items")
ROWS_OF_ANY_TABLE = ("row_ids", "outcome_ids")
IN_OFFICE = re.compile(r"(?:President|Minister|General|Secretary|Commissioner|[Ss]pokesman|chair|chief)s? [A-Z]")
MIXED_SCRIPT = re.compile("[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")
DOUBT = re.compile(r"\bVERIFY\b|\b(?:to be|not|un) ?verified\b")

# West of this line Kazakhstan kept UTC+5 in January 2022.
WESTERN_REGIONS = {"Aktobe", "Atyrau", "Kyzylorda", "Mangystau", "West Kazakhstan"}
ONE_TIME_ZONE_FROM = "2024-03-01"


def problems(data: Path = DATA) -> list[str]:
    """List every breach of every rule, in all tables of a data package."""
    return list(breaches({name: load(name, data) for name in tables(data)}))


def breaches(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield every breach of every rule in tables that are loaded, by their names."""
    for rule in RULES:
        yield from rule(frames)


def quotes_are_short(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield quotations of more than 20 words, and quotations without their language."""
    for name, frame in frames.items():
        if "quote" not in frame:
            continue
        for row in frame[frame["quote"].notna()].itertuples():
            words = len(row.quote.split())
            if words > MOST_QUOTED_WORDS:
                yield f"data/{name}.csv, row {row[1]}: the quote has {words} words; cut it to {MOST_QUOTED_WORDS}."
            if pd.isna(row.quote_lang):
                yield f"data/{name}.csv, row {row[1]}: the quote has no language; fill in quote_lang."


def intervals_are_ordered(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield rows whose lower end is above the upper end."""
    for name, frame in frames.items():
        for low, high in INTERVALS:
            if low in frame:
                both = frame[frame[low].notna() & frame[high].notna()]
                for row_id in both[both[low] > both[high]].iloc[:, 0]:
                    yield f"data/{name}.csv, row {row_id}: {low} is above {high}; swap or correct them."


def events_fit_their_phase(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield events outside the span of their phase that do not say why."""
    spans = {phase.phase_id: (phase.starts, phase.ends) for phase in frames["phases"].itertuples()}
    days = pd.to_datetime(frames["events"]["date_local"], format="ISO8601")
    for event, day in zip(frames["events"].itertuples(), days, strict=True):
        first, last = spans[event.phase]
        outside = day < first or (pd.notna(last) and day > last)
        if outside and pd.isna(event.phase_note):
            yield (
                f"data/events.csv, row {event.event_id}: {event.date_local} is outside the phase '{event.phase}'; "
                "recode it or explain it in phase_note."
            )


def clock_times_agree(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield events whose local time, offset and UTC time contradict each other."""
    for event in frames["events"].itertuples():
        if pd.isna(event.time_local) != pd.isna(event.datetime_utc):
            yield f"data/events.csv, row {event.event_id}: give both time_local and datetime_utc, or neither."
        elif pd.notna(event.time_local):
            local = pd.Timestamp(f"{event.date_local}T{event.time_local}{event.utc_offset}")
            if local != pd.Timestamp(event.datetime_utc):
                utc = local.tz_convert("UTC").strftime("%Y-%m-%dT%H:%MZ")
                place = f"data/events.csv, row {event.event_id}"
                yield f"{place}: datetime_utc should be {utc} by its local time; correct one."


def offsets_follow_the_rule(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield events whose offset is not that of their region: UTC+5 in the west and, from March 2024, everywhere."""
    for event in frames["events"].itertuples():
        west = event.region in WESTERN_REGIONS or event.date_local >= ONE_TIME_ZONE_FROM
        expected = "+05:00" if west else "+06:00"
        if event.utc_offset != expected:
            yield f"data/events.csv, row {event.event_id}: the offset of {event.region} was {expected}; correct it."


def ids_lead_somewhere(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield ids that no row of the table they point to has."""
    for name, frame in frames.items():
        for column in REFERENCES.keys() & set(frame.columns):
            target = REFERENCES[column]
            known = set(frames[target].iloc[:, 0])
            for row_id, value in zip(frame.iloc[:, 0], frame[column], strict=True):
                for part in [] if pd.isna(value) else value.split(";"):
                    if part not in known:
                        place = f"data/{name}.csv, row {row_id}"
                        yield f"{place}: {column} has '{part}', which is not in {target}; correct it."


def rows_of_any_table_exist(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield ids, in columns that may name a row of any table of evidence, that no such row has."""
    known = {row_id for name in ROW_TABLES for row_id in frames[name].iloc[:, 0]}
    for name, column in product(frames, ROWS_OF_ANY_TABLE):
        named = frames[name].get(column, pd.Series(dtype=object)).dropna()
        for index, value in named.items():
            for part in set(value.split(";")) - known:
                place = f"data/{name}.csv, row {frames[name].iloc[index, 0]}"
                yield f"{place}: {column} has '{part}', which is no row of evidence; correct it."


def predictions_fit_their_origin(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield printed predictions without date, words or source, and derived ones that have them or no hypothesis."""
    for row in frames["predictions"].itertuples():
        given = [pd.notna(value) for value in (row.made_on, row.quote, row.source_id)]
        place = f"data/predictions.csv, row {row.prediction_id}"
        if row.origin == "printed" and not all(given):
            yield f"{place}: it is printed; give made_on, quote and source_id."
        if row.origin == "derived" and (any(given) or pd.isna(row.hypothesis_id)):
            yield f"{place}: it is derived; give its hypothesis_id, and no made_on, quote or source_id."


def outcomes_come_later(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield predictions with an outcome row that is older than the prediction."""
    dates = pd.concat(
        [
            frames["changes"].set_index("change_id")["date"],
            frames["events"].set_index("event_id")["date_local"],
            frames["ruptures"].set_index("rupture_id")["starts"],
        ]
    )
    for row in frames["predictions"].query("made_on.notna()").itertuples():
        for row_id in row.outcome_ids.split(";"):
            shorter = min(len(row.made_on), len(dates.get(row_id, "")))
            if shorter and dates[row_id][:shorter] < row.made_on[:shorter]:
                place = f"data/predictions.csv, row {row.prediction_id}"
                yield f"{place}: its outcome {row_id} is of {dates[row_id]}, before {row.made_on}; take it out."


def sources_are_used(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield sources that no row cites."""
    used: set[str] = set()
    for frame in frames.values():
        for column in REFERENCES.keys() & set(frame.columns):
            if REFERENCES[column] == "sources" and frame is not frames["sources"]:
                used.update(*frame[column].dropna().str.split(";"))
    for source_id in frames["sources"]["source_id"]:
        if source_id not in used:
            yield f"data/sources.csv, row {source_id}: no row cites this source; cite it or take it out."


def doubts_are_visible(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield rows marked as still to be verified whose confidence is not low."""
    for name, frame in frames.items():
        texts = map(" ".join, texts_of(frame).itertuples(index=False))
        for index in (index for index, text in enumerate(texts) if DOUBT.search(text)):
            if "confidence" not in frame or frame.loc[index, "confidence"] != "low":
                yield (
                    f"data/{name}.csv, row {frame.iloc[index, 0]}: it is marked as to be verified; resolve the mark or "
                    "set confidence to low."
                )


def quarrels_are_explained(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield contested events whose note does not say by whom."""
    events = frames["events"]
    for event_id in events[(events["contested"] == "yes") & events["note"].isna()]["event_id"]:
        yield f"data/events.csv, row {event_id}: it is contested; say in the note who contests what."


def ruptures_fit_their_findings(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield clashes whose deaths are not those of the findings they name."""
    deaths = frames["indicator_evidence"].query("indicator_id == 'I02'").set_index("evidence_id")["value"]
    for rupture in frames["ruptures"].itertuples():
        named = [deaths[row_id] for row_id in rupture.evidence_ids.split(";") if row_id in deaths]
        if (rupture.kind == "clash" or named) and named != [rupture.deaths]:
            yield (
                f"data/ruptures.csv, row {rupture.rupture_id}: the deaths are not those of a finding for I02 that it "
                "names; correct one of them."
            )


def calculated_findings_agree(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield findings calculated from another table that this table no longer bears out."""
    findings = frames["indicator_evidence"].set_index("evidence_id")
    pairs = list(combinations(frames["votes"]["vote"], 2))
    agreeing = sum(one == other for one, other in pairs)
    asked = len(frames["interviews"])
    for row_id, part, whole, table in (("T19", agreeing, len(pairs), "votes"), ("T18", 2, asked, "interviews")):
        said = findings.loc[row_id, "value"]
        if round(part / whole, 2) != said:
            place = f"data/indicator_evidence.csv, row {row_id}"
            yield f"{place}: {said} is not {part}/{whole}, as {table} says; correct one."


def indicators_have_three_choices(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield indicators without each choice of thresholds once, and coded choices that are not the indicator's own."""
    thresholds = frames["indicator_thresholds"]
    for indicator in frames["indicators"].itertuples():
        own = thresholds[thresholds["indicator_id"] == indicator.indicator_id].set_index("choice")
        wanted = [] if indicator.direction == "context" else sorted(CHOICES)
        if sorted(own.index) != wanted:
            place = f"data/indicator_thresholds.csv, indicator {indicator.indicator_id}"
            yield f"{place}: the choices are {', '.join(own.index) or 'missing'}; give {', '.join(wanted) or 'none'}."
            continue
        for column in ("strong_at", "partial_at") if wanted else ():
            coded, repeated = getattr(indicator, column), own.loc["as_coded", column]
            if coded != repeated and not (pd.isna(coded) and pd.isna(repeated)):
                place = f"data/indicator_thresholds.csv, row {own.loc['as_coded', 'threshold_id']}"
                yield f"{place}: {column} differs from that in indicators; make the two the same."


def strict_is_never_kinder(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield choices of thresholds that give some value a better rating than the next more lenient choice does."""
    thresholds = frames["indicator_thresholds"]
    for indicator in frames["indicators"].query("direction != 'context'").itertuples():
        own = thresholds[thresholds["indicator_id"] == indicator.indicator_id]
        ordered = own.sort_values("choice", key=lambda choices: choices.map(CHOICES.index)).itertuples()
        # between thresholds a rating stays the same, so that the thresholds are the only values to try
        values = sorted({*own["strong_at"].dropna(), *own["partial_at"].dropna()})
        for (stricter, kinder), value in product(pairwise(ordered), values):
            ratings = [rate(value, indicator.direction, row.strong_at, row.partial_at) for row in (stricter, kinder)]
            if SCORES[ratings[0]] > SCORES[ratings[1]]:
                place = f"data/indicator_thresholds.csv, row {stricter.threshold_id}"
                yield f"{place}: {stricter.choice} is kinder than {kinder.choice} to {value:g}; correct one of them."


def ratings_follow_the_thresholds(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield findings whose rating as strong, partial or weak is not the one that the indicator's thresholds give."""
    scales = frames["indicators"][["indicator_id", "direction", "strong_at", "partial_at"]]
    for row in frames["indicator_evidence"].merge(scales, on="indicator_id").query("rating in @SCORES").itertuples():
        can_be_rated = row.direction != "context" and pd.notna(row.value)
        rating = rate(row.value, row.direction, row.strong_at, row.partial_at) if can_be_rated else "left out"
        if rating != row.rating:
            place = f"data/indicator_evidence.csv, row {row.evidence_id}"
            yield f"{place}: the rating should be {rating} by the thresholds of {row.indicator_id}; correct one."


def renderings_are_marked(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield provisions in our own rendering whose id does not say so, and others whose id says they are."""
    provisions = frames["provisions"]
    own = provisions["text_status"] == "own_rendering"
    for provision_id in provisions[own != provisions["provision_id"].str.endswith("-OWN")]["provision_id"]:
        yield (
            f"data/provisions.csv, row {provision_id}: the ending -OWN and the status own_rendering go together; give "
            "both or neither."
        )


def positions_fit_their_subject(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield legal views on drafting with a position on lawfulness, and others with a position on drafting."""
    views = frames["legal_views"]
    wide = views["position"].isin(["for_wide", "against_wide"])
    drafting = views["subject"] == "drafting"
    for view_id in views[(wide & ~drafting) | (drafting & ~wide & (views["position"] != "open"))]["view_id"]:
        yield f"data/legal_views.csv, row {view_id}: the position does not fit the subject; see the codebook."


def core_sources_are_described(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield core sources without a row in core_sources, and rows about other sources."""
    core = set(frames["sources"].query("core == 'yes'")["source_id"])
    described = frames["core_sources"].set_index("source_id")["core_id"]
    for source_id in sorted(core - set(described.index)):
        yield f"data/sources.csv, row {source_id}: no row of core_sources describes this core source; add one."
    for source_id in sorted(set(described.index) - core):
        yield f"data/core_sources.csv, row {described[source_id]}: '{source_id}' is no core source; correct one."


def answers_are_comparable(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield answers to one question in other words or units than the first, and numbers that do not say what of."""
    answers = frames["source_answers"]
    numbers = answers["value_low"].notna() | answers["value_high"].notna()
    units = answers[numbers].groupby("topic")["unit"].transform("first").reindex(answers.index)
    for column, wanted in (("question", answers.groupby("topic")["question"].transform("first")), ("unit", units)):
        for answer_id in answers.loc[answers[column].ne(wanted) & wanted.notna(), "answer_id"]:
            yield f"data/source_answers.csv, row {answer_id}: its {column} is not that of its topic; mend it."
    for answer_id in answers.loc[numbers != answers["counts"].notna(), "answer_id"]:
        yield f"data/source_answers.csv, row {answer_id}: a number and what it counts go together; mend it."


def answers_and_steps_rest_on_rows(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield answers and copying steps whose row is missing or says otherwise, and core texts left unquoted."""
    rows = {row.iloc[0]: row for name in TABLES_RESTED_ON for _, row in frames[name].iterrows()}
    core = set(frames["sources"].query("core == 'yes'")["source_id"])
    for name in ("source_answers", "copying_links"):
        for _, said in frames[name].iterrows():
            place = f"data/{name}.csv, row {said.iloc[0]}"
            if pd.isna(said["rests_on"]):
                if said["source_id"] not in core or pd.isna(said["quote"]):
                    yield f"{place}: it rests on no row; name one, or quote a core source."
            elif said["rests_on"] not in rows:
                yield f"{place}: rests_on has '{said['rests_on']}', which no table of facts has; correct it."
            else:
                row = rows[said["rests_on"]]
                for column in ("quote", "value_low", "value_high"):
                    if pd.notna(said.get(column)) and column in row and said[column] != row[column]:
                        yield f"{place}: {column} is not that of row {said['rests_on']}; copy it from there."


def copying_chains_hold(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield chains out of order, and copies without an earlier step of the chain that they were taken from."""
    links = frames["copying_links"]
    for _, chain in links.groupby("chain", sort=False):
        steps = list(chain.itertuples())
        for number, (link, earlier) in enumerate(zip(steps, [None, *steps[:-1]], strict=True), start=1):
            place = f"data/copying_links.csv, row {link.link_id}"
            if link.step != number:
                yield f"{place}: it is step {number} of its chain and not {link.step}; number the chain anew."
            if earlier and link.title != earlier.title:
                yield f"{place}: its title is not that of the step before it; make them the same."
            if earlier and link.date < earlier.date[: len(link.date)]:
                yield f"{place}: it is earlier than the step before it; put the chain in order of time."
            if (link.copying == "first") != (number == 1):
                yield f"{place}: the first step, and no other, has the code first; correct one of them."
            copied = link.copying in ("known", "inferred", "answers")
            if copied != pd.notna(link.copied_from) or (copied and link.copied_from >= link.step):
                yield f"{place}: a copy or an answer names an earlier step in copied_from, no other row does; mend it."


def advocates_are_heard_alike(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield active hypotheses whose advocate has no words, or far fewer or far more than the others on average."""
    lengths = words_of_advocates(frames["hypotheses"])
    for hypothesis_id, words in lengths.items():
        if abs(words - lengths.mean()) > UNEVEN * lengths.mean():
            place = f"data/hypotheses.csv, row {hypothesis_id}"
            yield f"{place}: the advocate has {words} words, the mean is {lengths.mean():.0f}; keep within a quarter."


def words_of_advocates(hypotheses: pd.DataFrame) -> pd.Series:
    """Count the words of each active hypothesis's advocate, by the id of the hypothesis."""
    active = hypotheses.query("status == 'active'").set_index("hypothesis_id")
    return active["advocate"].fillna("").str.split().str.len().rename("words")


def contested_codes_have_another(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield codes that are called contested without another code, and other codes where nothing is contested."""
    for code in frames["evidence_matrix"].itertuples():
        other = None if pd.isna(code.alternative_code) else code.alternative_code
        if (code.contested == "yes") != (other is not None) or other == code.code:
            place = f"data/evidence_matrix.csv, row {code.item_id}-{code.hypothesis_id}"
            yield f"{place}: a contested code, and no other, has another code beside it; correct one column."


def actors_are_named_by_rows(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield actors whom no row names as they say, and rows for a role that no such table has."""
    ids = {row_id for table in SPEAKERS for row_id in frames[table].iloc[:, 0]}
    speakers = {name: name for table, column in SPEAKERS.items() for name in frames[table][column]}
    for actor in frames["actors"].itertuples():
        place = f"data/actors.csv, row {actor.actor_id}"
        for form in actor.named_as.split(";"):
            if not rows_naming(form, speakers):
                yield f"{place}: no row names '{form}' as the one who speaks or acts; correct named_as."
        for row_id in actor.role_rows.split(";"):
            if row_id not in ids:
                yield f"{place}: role_rows has '{row_id}', which none of {', '.join(SPEAKERS)} has; correct it."


def officials_have_a_row(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield persons who speak or act in an office and are not among the actors."""
    forms = ";".join(frames["actors"]["named_as"])
    for table, column in SPEAKERS.items():
        for row_id, name in zip(frames[table].iloc[:, 0], frames[table][column], strict=True):
            if IN_OFFICE.search(name) and not rows_naming(forms, {row_id: name}):
                yield f"data/{table}.csv, row {row_id}: {column} has '{name}', who is not in actors; add a row there."


def words_keep_to_one_script(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Yield words with both Latin and Cyrillic letters, which look right and are found by no search."""
    for name, frame in frames.items():
        for column, texts in texts_of(frame).items():
            for index in (index for index, text in texts.items() if MIXED_SCRIPT.search(text)):
                for word in filter(MIXED_SCRIPT.search, re.findall(r"\w+", texts[index])):
                    place = f"data/{name}.csv, row {frame.iloc[index, 0]}"
                    yield f"{place}: '{word}' in {column} mixes Latin and Cyrillic letters; type it in one script."


def texts_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a table that hold text; a missing text is empty."""
    return frame.select_dtypes(exclude=["number", "datetime"]).fillna("")


RULES: list[Callable[[dict[str, pd.DataFrame]], Iterator[str]]] = [
    quotes_are_short,
    intervals_are_ordered,
    events_fit_their_phase,
    clock_times_agree,
    offsets_follow_the_rule,
    ids_lead_somewhere,
    rows_of_any_table_exist,
    predictions_fit_their_origin,
    outcomes_come_later,
    sources_are_used,
    doubts_are_visible,
    quarrels_are_explained,
    ruptures_fit_their_findings,
    calculated_findings_agree,
    indicators_have_three_choices,
    strict_is_never_kinder,
    ratings_follow_the_thresholds,
    renderings_are_marked,
    positions_fit_their_subject,
    core_sources_are_described,
    answers_are_comparable,
    answers_and_steps_rest_on_rows,
    copying_chains_hold,
    advocates_are_heard_alike,
    contested_codes_have_another,
    actors_are_named_by_rows,
    officials_have_a_row,
    words_keep_to_one_script,
]
