"""What Claude Code's captured exports hold, read by hand: every call of them has the same tokens and cost."""

from __future__ import annotations

import gzip
from pathlib import Path

from bot.hooks.delivery import Delivery
from bot.hooks.otlp.answers import Encoding, SignalKind
from bot.hooks.otlp.reading import read_export
from scoring.events import Tokens

FIXTURES = Path(__file__).parents[3] / "fixtures/claude_code"
FILES = sorted(str(path.relative_to(FIXTURES)) for path in FIXTURES.glob("*/*.body.*"))
CAPTURED_US = 1_795_440_000_000_000  # a few minutes after the last of them

TURN = Tokens(input=1234, output=210, cache_read=15300, cache_write=2100)
TURN_NANOUSD = 32_195_000

# File -> request id or span id, when in milliseconds (spans: microseconds), and how many milliseconds it took.
CALLS = {
    "long_session_delta_protobuf/01_logs.body.pb": [
        ("req_3f95f2b1ccb24ea6ad2843d5", 1795439423690, 40),
    ],
    "long_session_delta_protobuf/03_logs.body.pb": [
        ("req_1be0efe663ed455b9e371119", 1795439426251, 20),
    ],
    "long_session_delta_protobuf/05_logs.body.pb": [
        ("req_c3a8c11522924f25a94607dc", 1795439428799, 24),
    ],
    "long_session_delta_protobuf/06_logs.body.pb": [
        ("req_135fe573cad140c7b9c04f90", 1795439431351, 31),
    ],
    "long_session_delta_protobuf/08_logs.body.pb": [
        ("req_55ead58d1b444b8cad316698", 1795439433942, 72),
    ],
    "overload_then_ok_protobuf/01_logs.body.pb": [
        ("req_7c8581899ba84a74aa45a4b9", 1795439352469, 74),
    ],
    "plain_json/01_logs.body.json": [
        ("req_47fabc6dcae74cf8af38a5cc", 1795439342970, 77),
    ],
    "plain_protobuf/01_logs.body.pb": [
        ("req_6d4552e0e6644f9cbe88fce2", 1795439277806, 76),
    ],
    "plain_protobuf_gzip_cumulative/01_logs.body.pb.gz": [
        ("req_dbcaab5651374de1923a1bff", 1795439582244, 74),
    ],
    "tools_json_verbose_user_email/01_logs.body.json": [
        ("req_7f2a690eacbd44ffa7812d4b", 1795439345851, 18),
        ("req_3cebe85bf97a4521a799e92f", 1795439345882, 10),
        ("req_cfe4d8d69735457384106d47", 1795439345945, 48),
        ("req_2c7ca90d6def4318b20c50ea", 1795439346014, 18),
        ("req_71f4835888bd43dcb904122b", 1795439346039, 12),
        ("req_3d630d729ded4929b96f2af3", 1795439346119, 69),
    ],
    "tools_protobuf/01_logs.body.pb": [
        ("req_0453fc5bc5de4342bedd06f3", 1795439339756, 18),
        ("req_78ef81e7c22941ab9f2a4341", 1795439339788, 12),
        ("req_5bf91124069e43f08f87eb88", 1795439339859, 54),
        ("req_c8bf379669fe45adb1ee7d29", 1795439339916, 10),
        ("req_83e05119cb7e4ee19cc1227f", 1795439339933, 9),
        ("req_b8f926a610dd407b9ac2c4e0", 1795439340010, 68),
    ],
    "tools_traces_protobuf/02_logs.body.pb": [
        ("req_f7e54106498d4ef4bfcad0df", 1795439358146, 15),
        ("req_f80fddc6955c4c5681f3461f", 1795439358170, 8),
        ("req_4542060bb7d64559bd287ab2", 1795439358214, 32),
        ("req_6d49b14bfda64fa78889d47e", 1795439358277, 13),
        ("req_b2bcbabe689e42f59be5decc", 1795439358297, 11),
        ("req_69e3eefacbd44580976be951", 1795439358378, 67),
    ],
    "via_litellm_otlp_json/03_logs.body.json": [
        ("req_3651041e1cbf4c4b862be6f2", 1795439596017, 1798),
        ("req_3d5d57720deb4184a41acc2c", 1795439596073, 34),
        ("req_6f2c53ae11af44e6b5a13a25", 1795439596198, 106),
        ("req_624d93d62490490aad20a5bf", 1795439596288, 40),
        ("req_5757409f1244466a9accf5ca", 1795439596371, 70),
        ("req_fd4b7dea6eec41f6b51aaa62", 1795439596482, 95),
    ],
}
SPANS = {
    "tools_traces_protobuf/01_traces.body.pb": [
        ("baa8d718d1e423b9", 1795439358145683, 18),
        ("e26195ca5e070b21", 1795439358170426, 10),
        ("134c4ec2d160b3c0", 1795439358214397, 33),
        ("102be11f245f6b54", 1795439358276792, 16),
        ("d2bee6a5db9a2c01", 1795439358297630, 13),
        ("58d239f60b21a9c9", 1795439358378041, 69),
    ],
}

# File of metrics -> when in milliseconds, and how many calls it adds up.
EXPORTS = {
    "long_session_delta_protobuf/02_metrics.body.pb": (1795439426481, 2),
    "long_session_delta_protobuf/04_metrics.body.pb": (1795439429481, 1),
    "long_session_delta_protobuf/07_metrics.body.pb": (1795439432481, 1),
    "long_session_delta_protobuf/09_metrics.body.pb": (1795439433948, 1),
    "overload_then_ok_protobuf/02_metrics.body.pb": (1795439352475, 1),
    "plain_json/02_metrics.body.json": (1795439342977, 1),
    "plain_protobuf/02_metrics.body.pb": (1795439277813, 1),
    "plain_protobuf_gzip_cumulative/02_metrics.body.pb.gz": (1795439582250, 1),
    "tools_json_verbose_user_email/02_metrics.body.json": (1795439346125, 6),
    "tools_protobuf/02_metrics.body.pb": (1795439340015, 6),
    "tools_traces_protobuf/03_metrics.body.pb": (1795439358382, 6),
    "via_litellm_otlp_json/04_metrics.body.json": (1795439596489, 6),
}

# Folder -> session and person.
SESSIONS = {
    "long_session_delta_protobuf": (
        "40e1ba1a-59e8-4e84-b639-0be6ad60d601",
        "9022ad0ee33d4d62bcbca248d441f648656a41267e1b810bfb918d761ee039a2",
    ),
    "overload_then_ok_protobuf": (
        "80e28d77-ec3a-45e7-b2fc-8abcdc4215b9",
        "9c98d8d6f593d0bf75103a642d441432df61619a2a7c6416b1a616c93987c0ea",
    ),
    "plain_json": (
        "901c2848-9976-46a8-afd9-ce0d5489bbc0",
        "f5cf8b3506a032c938b4c89cec1a113d3b7163b2493e9c5047e373893b2d3d5a",
    ),
    "plain_protobuf": (
        "ffc6bea2-4007-474b-bb2d-7304bc450ec0",
        "2920444896d8c3edb0ecae9b9e1a6f4a2c81b5d678346aecffb1c457b4dab52f",
    ),
    "plain_protobuf_gzip_cumulative": (
        "8c79bd59-b6cf-4946-a7ea-8619c0d9ca25",
        "6293ed5c016fd0193369d219feed190f637862103f3a8bda4b7a9142d15619f9",
    ),
    "tools_json_verbose_user_email": ("bc24d086-974e-40c3-a1f3-9abacdc3ca97", "ada@acme.test"),
    "tools_protobuf": (
        "fd713548-0a5c-40c5-a9e0-cbd5991760cf",
        "2a5fc6a7831bd66a6935c1078da120b31e82566c128e62cda8f39e3d82441498",
    ),
    "tools_traces_protobuf": (
        "2522f773-8383-4ca4-8ca0-a529cc7c996b",
        "8e06f6f1c94c386ac88539806196049dd2c23624f5303287e2ad3c8d189b5292",
    ),
    "via_litellm_otlp_json": (
        "516702f5-5ad2-4d2e-8b38-ff9f31a2ca7e",
        "788e2d389f619edc7f8d5c0276509cbdce02b86869cd9153f8bceb8ca8a1d188",
    ),
}


def kind_of(file: str) -> SignalKind:
    return SignalKind(file.partition("_")[2].rpartition("/")[2].partition(".")[0].rpartition("_")[2])


def encoding_of(file: str) -> Encoding:
    return Encoding.JSON if file.endswith(".json") else Encoding.PROTOBUF


def bytes_of(file: str) -> bytes:
    """The body as it was sent, inflated."""
    body = (FIXTURES / file).read_bytes()
    return gzip.decompress(body) if file.endswith(".gz") else body


def read(file: str) -> Delivery:
    return read_export(kind_of(file), encoding_of(file), bytes_of(file), CAPTURED_US)
