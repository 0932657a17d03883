// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Market} from "../../../contracts/types/Market.sol";
import {Community} from "./Community.sol";

/// Holders of certificates, who hand them around, take others' and use them up twice. This contract retires while it is given
/// some, and at times refuses them.
abstract contract Holders is Community {
    mapping(AccountId account => uint256) internal retiredBy; // as counted here, Wh
    bool private _refuses;

    function actCertificates(uint256 seed) external drawn(seed) {
        (AccountId from, AccountId to) = (_anyone(), _anyone());
        uint256 amount = _draw(held(from) + 2);
        uint256 kind = _draw(5);
        if (kind == 0) _handOn(vault.ownerOf(from), from, to, amount);
        if (kind == 1 && amount != 0) _take(from, to, amount);
        if (kind == 2) _retire(from, amount);
        if (kind == 3) _conspire(from);
        if (kind == 4) _refuses = !_refuses;
    }

    /// Who waits for certificates sees to it that everybody is settled, as far as corrections are over.
    function actHandOut(uint256 seed) external drawn(seed) {
        try settlement.setAside(AREA, ELECTRICITY, period, 0, 300) {} catch {}
        try settlement.handOut(AREA, ELECTRICITY, period, _draw(20), _draw(300)) {} catch {}
    }

    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external returns (bytes4) {
        AccountId own = members[MEMBERS];
        uint256 amount = held(own);
        try certificates.retire{gas: 50_000}(own, market, amount) {
            retiredBy[own] += amount;
        } catch {}
        return _refuses ? bytes4(0) : this.onERC1155Received.selector;
    }

    function held(AccountId account) internal view returns (uint256) {
        return certificates.balanceOf(vault.ownerOf(account), Market.unwrap(market));
    }

    function _handOn(address caller, AccountId from, AccountId to, uint256 amount) private returns (bool) {
        (address owner, address receiver) = (vault.ownerOf(from), vault.ownerOf(to));
        vm.prank(caller);
        try certificates.safeTransferFrom(owner, receiver, Market.unwrap(market), amount, "") {
            return true;
        } catch {
            return false;
        }
    }

    /// Without the holder's word.
    function _take(AccountId from, AccountId to, uint256 amount) private {
        if (_handOn(address(0xBAD), from, to, amount)) _blame(5, "took another's certificates");
        if (from == to) return;
        vm.prank(vault.ownerOf(to));
        try certificates.retire(from, market, amount) {
            _blame(5, "retired on another's account");
        } catch {}
    }

    /// All give one what they have, which retires what it took from the grid one and a half times over.
    function _conspire(AccountId account) private {
        for (uint256 i; i < members.length; ++i) {
            _handOn(vault.ownerOf(members[i]), members[i], account, held(members[i]));
        }
        (, uint256 importWh,) = readings.energyOf(points[account.index() - members[0].index()], period);
        for (uint256 i; i < 3; ++i) {
            _retire(account, importWh / 2);
        }
    }

    function _retire(AccountId account, uint256 amount) private {
        vm.prank(vault.ownerOf(account));
        try certificates.retire(account, market, amount) {
            retiredBy[account] += amount;
        } catch {}
    }
}
