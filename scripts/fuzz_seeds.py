"""Write first inputs of a fuzzer: ``python scripts/fuzz_seeds.py trend|opcua FOLDER``.

trend: a store and its checkpoint, a byte before each that tells which. opcua: answers to publish requests.
"""

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from asyncua import ua
from asyncua.ua.ua_binary import struct_to_binary

from app.trend import RetentionClass, SlotSpec, StoreReader, StoreWriter


def write_trend(corpus: Path) -> None:
    """Write a store and a checkpoint."""
    with tempfile.TemporaryDirectory() as folder:
        store, checkpoint = Path(folder) / "s", Path(folder) / "c"
        slots = [SlotSpec("a", RetentionClass("a", 64, (64,))), SlotSpec("b", RetentionClass("b", 128, (64, 64)))]
        with StoreWriter(store, slots, now_ns=1) as writer, StoreReader(store) as reader:
            for n in range(300):
                writer.append(n % 2, n, "text" if n % 50 == 49 else n * 0.5, n // 100, n)
            reader.save_checkpoint(checkpoint)
        (corpus / "store").write_bytes(b"\0" + store.read_bytes())
        (corpus / "checkpoint").write_bytes(b"\1" + checkpoint.read_bytes())


def write_opcua(corpus: Path) -> None:
    """Write a keep-alive, and a notification with a value of many types."""
    kind = ua.VariantType
    values = [
        *(ua.Variant(1, each) for each in (kind.Byte, kind.Int16, kind.UInt32, kind.Int64)),
        ua.Variant(True),
        ua.Variant(1.5, kind.Float),
        ua.Variant(-2.5, kind.Double),
        ua.Variant("text"),
        ua.Variant([1.0, 2.0]),
        ua.Variant([["a"], ["b"]], kind.String, [2, 1]),
        ua.Variant(ua.LocalizedText("text", "en")),
        ua.Variant(ua.EUInformation()),
        ua.Variant(ua.NodeId("name", 2)),
        ua.Variant([ua.Variant(1), ua.Variant("text")], kind.Variant),
        ua.Variant(ua.DataValue(ua.Variant(1)), kind.DataValue),
        ua.Variant(None),
    ]
    now = datetime(2026, 1, 1, tzinfo=UTC)
    response = ua.PublishResponse()
    response.Parameters.AvailableSequenceNumbers = [1]
    (corpus / "keep-alive").write_bytes(struct_to_binary(response))
    response.Parameters.NotificationMessage.NotificationData = [
        ua.DataChangeNotification(
            MonitoredItems=[
                ua.MonitoredItemNotification(n, ua.DataValue(value, ua.StatusCode(), now, now))
                for n, value in enumerate(values)
            ]
        )
    ]
    (corpus / "changes").write_bytes(struct_to_binary(response))


if __name__ == "__main__":
    {"trend": write_trend, "opcua": write_opcua}[sys.argv[1]](Path(sys.argv[2]))
