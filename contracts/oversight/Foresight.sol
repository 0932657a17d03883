// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

/// What a schedule says from one period on: its value there, and the changes to come.
struct Ahead {
    uint224 value;
    Checkpoints.Checkpoint224[] changes;
    uint256 next; // the first of `changes` that isn't in `value` yet
}

/// Walks several schedules together, from one period at which any of them changes to the next.
library Foresight {
    using Checkpoints for Checkpoints.Trace224;

    uint32 internal constant NEVER = type(uint32).max;

    function from(Checkpoints.Trace224 storage schedule, uint32 period) internal view returns (Ahead memory ahead) {
        uint256 length = schedule.length();
        uint256 first = length;
        while (first > 0 && schedule.at(uint32(first - 1))._key > period) --first;
        if (first > 0) ahead.value = schedule.at(uint32(first - 1))._value;
        ahead.changes = new Checkpoints.Checkpoint224[](length - first);
        for (uint256 i = first; i < length; ++i) {
            ahead.changes[i - first] = schedule.at(uint32(i));
        }
    }

    /// The next period at which one of the schedules changes; NEVER if none does.
    function nextChange(Ahead[] memory schedules, uint32 period) internal pure returns (uint32) {
        for (uint256 i; i < schedules.length; ++i) {
            Ahead memory each = schedules[i];
            if (each.next < each.changes.length && each.changes[each.next]._key < period) {
                period = each.changes[each.next]._key;
            }
        }
        return period;
    }

    function goTo(Ahead[] memory schedules, uint32 period) internal pure {
        for (uint256 i; i < schedules.length; ++i) {
            Ahead memory each = schedules[i];
            while (each.next < each.changes.length && each.changes[each.next]._key <= period) {
                each.value = each.changes[each.next++]._value;
            }
        }
    }
}
