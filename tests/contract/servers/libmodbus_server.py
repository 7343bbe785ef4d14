"""A Modbus device by libmodbus (the library of mbpoll) on a serial port: libmodbus_server.py PORT UNIT.

It has holding registers 0 to 99, coils and discrete inputs 0 to 99, and knows function 22. Says READY when it listens,
then reads and answers until it is killed; requests whose check sum is wrong are dropped by the library.
"""

import ctypes
import sys
from ctypes.util import find_library

SIZE = 100
LONGEST = 256


def main(port: str, unit: int) -> None:
    name = find_library("modbus")
    assert name is not None
    modbus = ctypes.CDLL(name, use_errno=True)
    modbus.modbus_new_rtu.restype = modbus.modbus_mapping_new.restype = ctypes.c_void_p
    line = ctypes.c_void_p(modbus.modbus_new_rtu(port.encode(), 19200, ctypes.c_char(b"N"), 8, 1))
    mapping = ctypes.c_void_p(modbus.modbus_mapping_new(SIZE, SIZE, SIZE, SIZE))
    modbus.modbus_set_slave(line, unit)
    if modbus.modbus_connect(line) != 0:
        raise OSError(ctypes.get_errno(), "modbus_connect", port)
    print("READY", flush=True)
    request = (ctypes.c_uint8 * LONGEST)()
    while True:
        length = modbus.modbus_receive(line, request)
        if length > 0:
            modbus.modbus_reply(line, request, length, mapping)


main(sys.argv[1], int(sys.argv[2]))
