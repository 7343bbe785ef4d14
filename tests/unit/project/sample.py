"""A small right project, for tests to break."""

# ruff: noqa: E501
from pathlib import Path

PLANT = """\
[plant]
id = "small"
title = "Small works"
title_zh = "小水厂"
time_zone = "Asia/Shanghai"
home_display = "overview"

[[area]]
id = "HL"
title = "High lift"
title_zh = "送水泵房"

[[connection]]
id = "plc"
protocol = "modbus-tcp"
endpoint = "127.0.0.1:502"
title = "PLC"
[connection.options]
timeout_s = 1
forbidden = "hr300-309"

[[connection]]
id = "uf"
protocol = "opcua"
endpoint = "opc.tcp://127.0.0.1:4840/uf"

[retention.default]
levels = [4096, 1024]
"""

TAGS = """\
name,description,description_zh,area,data_type,connection,address,unit,low,high,normal_low,normal_high,LL,L,H,HH,priorities,states,alarm_states,writable,feedback,set_low,set_high,set_step,tolerance
LZ.OUT.PRES,Delivery pressure,出厂压力,HL,float,plc,ir0:float32,MPa,0,0.8,0.36,0.42,0.28,0.33,0.46,0.5,LL:1 HH:1 BAD:4,,,,,,,,
LZ.OUT.PRESSP,Pressure setpoint,压力设定,HL,float,plc,hr0:float32,MPa,0,0.8,,,,,,,,,,yes,LZ.OUT.PRESREF,0.3,0.45,0.05,0.002
LZ.OUT.PRESREF,Pressure reference,压力给定,HL,float,plc,ir2:float32,MPa,0,0.8,,,,,,,,,,,,,,,
LZ.T1.HATCH,Hatch,人孔,HL,bool,uf,nsu=urn:x;s=HATCH,,,,,,,,,,,0=Closed/关;1=Open/开,1:1,,,,,,
"""

PUMP = """\
[type]
name = "pump"
title = "Pump"
title_zh = "泵"
symbol = "pump"
state_member = "ST"
running = [2]
fault = [4]
local_remote = "LR"
trend = ["FLOW"]

[parameters]
connection = {}
base = {}
suction = { default = "LZ.OUT.PRES" }

[[faceplate]]
member = "FLOW"

[members.ST]
title = "State"
title_zh = "状态"
data_type = "enum"
address = "ir{base+0}"
states = { 0 = ["Stopped", "停止"], 2 = ["Running", "运行"], 4 = ["Fault", "故障"] }
[[members.ST.alarms]]
kind = "DISCRETE"
states = [4]
priority = 2

[members.LR]
data_type = "bool"
address = "di{base+0}"

[members.FLOW]
title = "Flow"
title_zh = "流量"
data_type = "float"
address = "ir{base+1}:float32:CDAB"
low = 0
high = 1000
normal = [100, 900]
[[members.FLOW.alarms]]
kind = "H"
limit = 950
text = "Flow too high"
text_zh = "流量过高"

[members.CMD]
data_type = "int"
address = "hr{base+0}"
writable = true

[members.SPDSP]
title = "Speed setpoint"
data_type = "float"
address = "hr{base+1}"
writable = true

[members.SPDREF]
data_type = "float"
address = "ir{base+3}"

[commands.START]
kind = "action"
title = "Start"
title_zh = "启动"
target = "CMD"
value = 1
feedback = "ST"
expect = [2]
timeout_s = 45
interlocks = ["suction"]

[commands.SPDSP]
kind = "setpoint"
title = "Speed"
target = "SPDSP"
feedback = "SPDREF"
low = 60
high = 100
max_step = 20
tolerance = 0.5

[interlocks.suction]
title = "Suction too low"
title_zh = "吸水过低"
blocked_when = "{suction} < 0.2 or {name}.ST == 4"
"""

EQUIPMENT = """\
name,type,area,description,description_zh,parameters
LZ.HL.P01,pump,HL,Pump 1,1号泵,connection=plc;base=100
LZ.HL.P02,pump,HL,Pump 2,2号泵,connection=plc;base=200
"""

TREND = """\
title = "Delivery"
title_zh = "出厂"
tags = ["LZ.OUT.PRES", "LZ.HL.P01.FLOW"]
"""

OVERVIEW = """\
<svg xmlns="http://www.w3.org/2000/svg" xmlns:h="urn:haihe:display:1" viewBox="0 0 100 100"
     h:title="Overview" h:title-zh="总览" h:level="1">
  <rect x="0" y="0" width="10" height="10"/>
</svg>
"""

FILES = {
    "plant.toml": PLANT,
    "tags.csv": TAGS,
    "types/pump.toml": PUMP,
    "equipment.csv": EQUIPMENT,
    "trends/delivery.toml": TREND,
    "displays/overview.svg": OVERVIEW,
}


def write(folder: Path, **changed: str | bytes) -> Path:
    """Write the project; ``changed`` replaces files, named with ``_`` for ``.`` and ``__`` for ``/``."""
    files: dict[str, str | bytes] = dict(FILES)
    for key, text in changed.items():
        files[key.replace("__", "/").replace("_", ".")] = text
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def edit(text: str, *changes: tuple[str, str]) -> str:
    """Replace parts of a text, each of which must be there once."""
    for old, new in changes:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return text
