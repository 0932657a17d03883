// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBookFacts} from "../../../contracts/interfaces/IOrderBook.sol";
import {OrderRef} from "../../../contracts/types/OrderRef.sol";
import {Traders} from "./Traders.sol";

/// A regulator who halts trading again and again; meanwhile everybody must be able to leave.
abstract contract Halts is Traders {
    function actHalt(uint256 seed) external drawn(seed) {
        oversight.haltTrading(address(book), AREA, ELECTRICITY, uint40(timeNow + 1 days), "test");
        _cancelDuringHalt(_anyRef());
        _withdraw(members[_draw(MEMBERS)], 1);
        _raiseNonce(_draw(MEMBERS));
        if (timeNow + 300 >= startsAt(period)) {
            try book.returnRests(market, _someRefs()) {}
            catch {
                _blame(8, "a halt stopped a rest's return");
            }
        }
        if (timeNow >= startsAt(period) && _draw(3) == 0) {
            try book.claim(market, refsPlaced, members) {}
            catch {
                _blame(8, "a halt stopped a claim");
            }
        }
        oversight.resumeTrading(address(book), AREA, ELECTRICITY, "test");
    }

    function _cancelDuringHalt(OrderRef ref) private {
        IOrderBookFacts.EntryView memory seen = book.entry(market, ref);
        if (!seen.live) return;
        vm.prank(vault.ownerOf(seen.account));
        try book.cancelOrder(market, ref) {}
        catch {
            _blame(8, "a halt stopped a cancellation");
        }
    }

    function _raiseNonce(uint256 who) private {
        uint32 next = vault.nextNonce(members[who]);
        vm.prank(vm.addr(keys[who]));
        try vault.cancelUpTo(members[who], next) {}
        catch {
            _blame(8, "a halt stopped the cancellation of signed orders");
        }
    }
}
