"""Write a store and its checkpoint as first inputs of the fuzzer: a byte that tells which, then the file."""

import sys
import tempfile
from pathlib import Path

from app.trend import RetentionClass, SlotSpec, StoreReader, StoreWriter


def main() -> None:
    corpus = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        store, checkpoint = Path(folder) / "s", Path(folder) / "c"
        slots = [SlotSpec("a", RetentionClass("a", 64, (64,))), SlotSpec("b", RetentionClass("b", 128, (64, 64)))]
        with StoreWriter(store, slots, now_ns=1) as writer, StoreReader(store) as reader:
            for n in range(300):
                writer.append(n % 2, n, "text" if n % 50 == 49 else n * 0.5, n // 100, n)
            reader.save_checkpoint(checkpoint)
        (corpus / "store").write_bytes(b"\0" + store.read_bytes())
        (corpus / "checkpoint").write_bytes(b"\1" + checkpoint.read_bytes())


if __name__ == "__main__":
    main()
