// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Connection} from "./Connection.sol";

/// A connection as one checkpoint's value. From the lowest bit: connected 1 | feeTicks 16 | capacityWh 40. 0: no connection.
type ConnectionWord is uint224;

using ConnectionWordLibrary for ConnectionWord global;

function toConnectionWord(Connection calldata connection) pure returns (ConnectionWord) {
    return ConnectionWord.wrap(1 | (uint224(connection.feeTicks) << 1) | (uint224(connection.capacityWh) << 17));
}

library ConnectionWordLibrary {
    function isConnected(ConnectionWord self) internal pure returns (bool) {
        return ConnectionWord.unwrap(self) & 1 == 1;
    }

    function feeTicks(ConnectionWord self) internal pure returns (uint16) {
        return uint16(ConnectionWord.unwrap(self) >> 1);
    }

    function capacityWh(ConnectionWord self) internal pure returns (uint40) {
        return uint40(ConnectionWord.unwrap(self) >> 17);
    }

    function unpack(ConnectionWord self) internal pure returns (Connection memory) {
        return Connection(feeTicks(self), capacityWh(self));
    }
}
