// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// Lists of words in memory that grow up to a capacity fixed when they are made, and go to others as they stand there: copied
/// word by word, a long list costs more than what is done with it.
library Lists {
    /// Before each list is room for the words that precede it in a call or an answer.
    uint256 private constant HEAD = 96;

    /// An empty list with room for `capacity` items.
    function make(uint256 capacity) internal pure returns (uint256[] memory list) {
        assembly ("memory-safe") {
            list := add(mload(0x40), HEAD)
            mstore(0x40, add(list, shl(5, add(capacity, 1))))
            mstore(list, 0)
        }
    }

    /// Appends an item; the caller never appends more than the capacity.
    function push(uint256[] memory list, uint256 item) internal pure {
        assembly ("memory-safe") {
            let length := add(mload(list), 1)
            mstore(list, length)
            mstore(add(list, shl(5, length)), item)
        }
    }

    /// Where in memory the first item stands.
    function start(uint256[] memory list) internal pure returns (uint256 place) {
        assembly ("memory-safe") {
            place := add(list, 32)
        }
    }

    /// Items were put into it in memory, up to `place`.
    function endAt(uint256[] memory list, uint256 place) internal pure {
        assembly ("memory-safe") {
            mstore(list, shr(5, sub(sub(place, list), 32)))
        }
    }

    /// Ends the call: the list is its answer.
    function answer(uint256[] memory list) internal pure {
        assembly ("memory-safe") {
            mstore(sub(list, 32), 32)
            return(sub(list, 32), shl(5, add(mload(list), 2)))
        }
    }

    /// Calls `to`, a contract of our own, with (key, list). It answers a list that is no longer, which takes the sent one's place; what
    /// it reverts with is passed on.
    function send(uint256[] memory list, address to, bytes4 selector, uint256 key)
        internal
        returns (uint256[] memory answered)
    {
        assembly ("memory-safe") {
            mstore(sub(list, 96), shr(224, selector))
            mstore(sub(list, 64), key)
            mstore(sub(list, 32), 64)
            if iszero(call(gas(), to, 0, sub(list, 68), add(100, shl(5, mload(list))), 0, 0)) {
                returndatacopy(mload(0x40), 0, returndatasize())
                revert(mload(0x40), returndatasize())
            }
            answered := list
            returndatacopy(sub(answered, 32), 0, returndatasize()) // its offset before it
        }
    }

    /// Asks `from`, a contract of our own, for a list.
    function ask(address from, bytes memory question) internal view returns (uint256[] memory list) {
        (bool success, bytes memory answered) = from.staticcall(question);
        assembly ("memory-safe") {
            if iszero(success) { revert(add(answered, 32), mload(answered)) }
            list := add(answered, 64) // behind its length in bytes and its offset
        }
    }
}
