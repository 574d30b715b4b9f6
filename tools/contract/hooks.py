"""What schemathesis cannot read out of the description: values that only the server knows, and rules between two fields.

A request that is meant to be wrong is never touched. Every answer is written down, one line each, in $CONTRACT_ANSWERS.
"""

import hashlib
import io
import os
import random
import re
import uuid
import zipfile
from collections import defaultdict

import schemathesis
from hypothesis import strategies as st
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

SESSIONS = ["groom", "bride"]
OWN_TOKEN_NAME = "contract"
# an answer shows more than these, but a newer one is as good
MOST_KEPT = 300
ENTITY_TAG = re.compile(r'\*|"[0-9]{1,18}"')
# so often an address gets an id that exists; otherwise the one that was drawn
REAL = 0.9

chance = random.Random(int(os.environ["CONTRACT_SEED"]))
answers = open(os.environ["CONTRACT_ANSWERS"], "a", buffering=1, encoding="utf-8")
known = defaultdict(list)
invitations = open(os.environ["CONTRACT_INVITATIONS"], "a+", buffering=1, encoding="utf-8")
invitations.seek(0)
known["invitations"] = invitations.read().split()[-300:]
# the token of this run must live until its end
own_tokens = set()


# ---- formats of texts that a pattern cannot describe ---------------------------------------------------------

phone = st.integers(0, 9_999_999).map(lambda number: f"+39 347 {number // 10_000:03} {number % 10_000:04}")
word = st.text(st.characters(exclude_characters="{}|\0", exclude_categories=["Cs"]), max_size=40)
template = st.builds("{}{} {}!".format, word, st.sampled_from(["", "{Ciao|Salve}", "{{x}}"]), st.sampled_from(["Ciao", "{first_name}", "{name}"]))

schemathesis.openapi.format("phone-number", phone)
schemathesis.openapi.format("session-name", st.sampled_from(SESSIONS))
schemathesis.openapi.format("broadcast-template", template)
schemathesis.openapi.format("time-zone", st.sampled_from(["Europe/Rome", "UTC", "America/Los_Angeles", "Asia/Kathmandu"]))
schemathesis.openapi.format("country", st.sampled_from(["IT", "DE", "GB", "us"]))

schemathesis.serializer.alias(["text/csv", "text/vcard"], "text/plain")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
schemathesis.serializer.alias([XLSX], "application/octet-stream")


# ---- what is known of earlier answers ------------------------------------------------------------------------

KINDS = ["messages", "guests", "households", "contacts", "broadcasts", "tokens", "unknown-writers"]


def keep(kind, value):
    if isinstance(value, str) and value not in known[kind]:
        known[kind].append(value)
        del known[kind][:-MOST_KEPT]


def learn(path, answer):
    """Keeps the ids of an answer. Conversations have `/messages` in their address, too."""
    if path.startswith("/i/"):
        return
    kind = "conversation" if "/contacts/" in path and path.endswith("/messages") else next(
        (kind for kind in ["unknown-writers", *KINDS] if f"/{kind}" in path), None
    )
    for item in answer.get("items", [answer]):
        if kind is None or not isinstance(item, dict):
            continue
        if kind == "tokens" and item.get("name") == OWN_TOKEN_NAME:
            own_tokens.add(item["id"])
            continue
        if path.endswith("/invitation"):
            # the guests' pages are asked by another process
            invitations.write(item["token"] + "\n")
            continue
        keep(kind, item.get("id"))
        keep("contacts", item.get("contact"))
        if kind == "guests":
            keep("guests' contacts", item.get("contact"))
        keep("households", item.get("household_id"))
    for message in answer.get("ids", []):
        keep("messages", message)


def new_phone():
    return f"+39 347 {chance.randrange(1000):03} {chance.randrange(10_000):04}"


def some(kind):
    return chance.choice(known[kind]) if known[kind] else str(uuid.UUID(int=chance.getrandbits(128), version=4))


# ---- before a request ----------------------------------------------------------------------------------------

def is_positive(case, location):
    component = case.meta.components.get(location)
    return (component or case.meta.generation).mode.is_positive


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.path.startswith("/i/"):
        # each request comes from another address, so that the limit of one address hides no answer
        case.headers["X-Forwarded-For"] = f"203.0.{chance.randrange(256)}.{chance.randrange(256)}"
    if case.path_parameters.get("id") in own_tokens:
        case.path_parameters = {**case.path_parameters, "id": some("tokens")}
    if case.meta is None:
        return
    in_sequence = case.meta.phase.name == TestPhase.STATEFUL
    if is_positive(case, ParameterLocation.PATH) and not in_sequence and chance.random() < REAL:
        case.path_parameters = {**case.path_parameters, **real_parameters(case.path)}
    if case.meta.generation.mode.is_positive:
        if "If-Match" in case.headers:
            # schemathesis draws this header by a rule of its own, of which few values have the pattern, and then takes a wrong one
            case.headers["If-Match"] = case.headers["If-Match"] if ENTITY_TAG.fullmatch(case.headers["If-Match"]) else "*"
        if case.media_type == "text/csv":
            case.body = "name,phone,side\n" + "".join(f"Guest {new_phone()},{new_phone()},groom\n" for _ in range(3))
        elif case.media_type == "text/vcard":
            case.body = f"BEGIN:VCARD\nVERSION:3.0\nFN:Guest {new_phone()}\nTEL:{new_phone()}\nEND:VCARD\n"
        elif case.media_type == XLSX:
            # as `case.body`, bytes would make schemathesis count the request among the invalid ones
            kwargs["data"] = spreadsheet([["name", "phone"], [f"Guest {new_phone()}", new_phone()]])
        elif isinstance(case.body, dict):
            case.body = repaired(case.operation.definition.raw["operationId"], with_integers(case.body))
        if "Idempotency-Key" in case.headers:
            # a key belongs to one body
            case.headers["Idempotency-Key"] = hashlib.sha256(repr((case.path, case.body)).encode()).hexdigest()


def spreadsheet(rows):
    """The smallest package that is a spreadsheet, with texts in its cells."""
    relation = '<Relationships><Relationship Id="a" Type="x/relationships/{}" Target="{}"/></Relationships>'
    cells = ["".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in row) for row in rows]
    parts = {
        "_rels/.rels": relation.format("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": '<workbook><sheets><sheet name="A" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relation.format("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{''.join(f'<row>{row}</row>' for row in cells)}</sheetData></worksheet>",
    }
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as file:
        for name, xml in parts.items():
            file.writestr(name, xml)
    return package.getvalue()


def with_integers(value):
    """JSON Schema counts 4.0 among the integers; the API wants them written without a fraction, as its description says."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: with_integers(part) for key, part in value.items()}
    return [with_integers(part) for part in value] if isinstance(value, list) else value


def real_parameters(path):
    if path.startswith("/i/"):
        return {"token": some("invitations")} if known["invitations"] else {}
    parameters = {}
    if "{name}" in path:
        parameters["name"] = chance.choice(SESSIONS)
    if "{id}" in path:
        parameters["id"] = some(next(kind for kind in ["unknown-writers", *KINDS] if f"/{kind}/" in path))
    if "{contact}" in path:
        parameters["contact"] = some("contacts")
    return parameters


def repaired(operation, body):
    """The rules between two fields, references to what exists, and formats that were not drawn by the strategies above."""
    for part in [body, body.get("audience") or {}]:
        for field in ("session", "side"):
            if part.get(field) and part[field] not in SESSIONS:
                part[field] = chance.choice(SESSIONS)
    for field in ("to", "phone"):
        if body.get(field) and not body[field].startswith("+39 3"):
            body[field] = new_phone()
    if operation == "enqueueBatch":
        body["messages"] = [repaired("enqueueMessage", dict(message)) for message in body["messages"]]
    elif operation == "enqueueMessage":
        repair_message(body)
    elif operation == "createToken" and body.get("session"):
        # a token hands out its own session only
        body["session"] = "groom"
    elif operation == "tieUnknownWriter":
        body = {"household": some("households")} if body.get("household") or not known["guests"] else {"guest": some("guests")}
    elif operation == "assignPhone":
        body = {"everyone": True} if body.get("everyone") or not known["guests"] else {"guest": some("guests")}
    elif operation == "tryBroadcast":
        body.update(of=some("guests' contacts"), to=some("guests' contacts"))
    elif operation == "editBroadcast" and (body.get("not_before") or body.get("not_after")):
        body.update(not_before="2030-01-01T00:00:00Z", not_after="2098-01-01T00:00:00Z")
    elif operation in ("renewInvitation", "prolongInvitation") and body.get("valid_until"):
        body["valid_until"] = "2098" + body["valid_until"][4:].replace("-02-29", "-02-28")
    elif operation == "replaceSettings":
        repair_settings(body)
    if "not_after" in body:
        put_in_order(body, "not_before", "not_after")
    return body


def repair_message(body):
    if body.get("contact"):
        body["contact"] = some("contacts") if known["contacts"] else None
    if body.get("contact"):
        body.pop("to", None)
    elif not body.get("to"):
        body["to"] = "+39 347 000 0001"
    # what it answers must be of this contact and session, which no other request tells
    body.pop("reply_to", None)
    if body.get("lane") == "broadcast":
        body["broadcast"] = body.get("broadcast") or str(uuid.UUID(int=chance.getrandbits(128), version=4))
        body["not_after"] = body.get("not_after") or "2098-01-01T00:00:00Z"
    else:
        body.pop("broadcast", None)


def repair_settings(body):
    body["version"] = body.get("version") or 1
    config = body["config"] = dict(body["config"])
    if "time_zone" in config and "/" not in config["time_zone"]:
        config["time_zone"] = "Europe/Rome"
    if "country" in config:
        config["country"] = chance.choice(["IT", "DE", "GB", "us"])
    for group, least, most in [
        ("limits", "gap_min_secs", "gap_max_secs"),
        ("pacing", "reading_min_ms", "reading_max_ms"),
        ("pacing", "reply_reading_min_ms", "reply_reading_max_ms"),
        ("pacing", "pause_min_ms", "pause_max_ms"),
    ]:
        # one that is left out has a default, which may be on the wrong side
        if group in config:
            config[group] = {key: value for key, value in config[group].items() if key not in (least, most)}


def put_in_order(body, first, second):
    if body.get(first) and body.get(second):
        body[first], body[second] = "2030-01-01T00:00:00Z", "2098-01-01T00:00:00Z"


# ---- after an answer -----------------------------------------------------------------------------------------

@schemathesis.hook
def after_call(context, case, response):
    operation = case.operation.definition.raw["operationId"]
    phase = case.meta.phase.name.value if case.meta else "-"
    mode = case.meta.generation.mode.value if case.meta else "-"
    answers.write(f"{operation} {response.status_code} {phase} {mode} {response.elapsed:.3f}\n")
    if response.status_code in (200, 201) and "json" in str(response.headers.get("content-type")):
        answer = response.json()
        if isinstance(answer, dict):
            learn(case.path, answer)
