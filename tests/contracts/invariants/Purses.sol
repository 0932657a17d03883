// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../../../contracts/types/AccountId.sol";
import {ITokenListener} from "./HostileEuro.sol";
import {Traders} from "./Traders.sol";

/// Money in and out. The token calls this contract back, a member too, which then tries every door that moves money.
abstract contract Purses is Traders, ITokenListener {
    bytes32 private constant PERMIT_TYPEHASH =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    bool private _isInside; // a call of the token's

    function actMoney(uint256 seed) external drawn(seed) {
        AccountId account = _anyone();
        if (_draw(2) == 0) return _fund(account, _draw(1e6) * CASH_PER_TOKEN_UNIT);
        _withdraw(account, _draw(vault.withdrawable(account) / CASH_PER_TOKEN_UNIT + 1));
    }

    /// By whoever owns the account: this contract's permit is worth nothing, but it allowed as much before.
    function actPermit(uint256 seed) external drawn(seed) {
        uint256 who = _draw(members.length);
        uint256 amount = 1 + _draw(1e6);
        address owner = vault.ownerOf(members[who]);
        euro.mint(owner, amount);
        if (who == MEMBERS) euro.approve(address(vault), amount);
        (uint8 v, bytes32 r, bytes32 s) = _permit(who == MEMBERS ? ANA : keys[who], owner, amount);
        vm.prank(owner);
        try vault.depositWithPermit(members[who], amount, timeNow, v, r, s) {
            _countIn(members[who], int256(amount * CASH_PER_TOKEN_UNIT));
        } catch {
            _blame(8, "a permitted deposit was refused");
        }
    }

    // --- in the middle of it ------------------------------------------------------------------------------------

    function onTransfer() external {
        _tryEveryDoor();
    }

    function onPermit() external {
        _tryEveryDoor();
    }

    /// The vault's own doors are shut then. The others stay open: what goes through them adds up all the same.
    function _tryEveryDoor() private {
        if (_isInside) return; // once is enough
        _isInside = true;
        AccountId own = members[MEMBERS];
        try vault.withdraw(own, 1, address(this)) {
            _blame(1, "withdrew in the middle of a call of the token's");
        } catch {}
        try vault.deposit(own, 0) {
            _blame(1, "deposited in the middle of a call of the token's");
        } catch {}
        try vault.depositWithPermit(own, 0, timeNow, 27, 0, 0) {
            _blame(1, "deposited with a permit in the middle of a call of the token's");
        } catch {}
        uint256 kind = _draw(6);
        if (kind < 2) _place(_anyOrder(own, 0));
        if (kind == 2) try book.cancelOrder(market, _anyRef()) {} catch {}
        if (kind == 3) try book.claim(market, refsPlaced, members) {} catch {}
        if (kind == 4) try settlement.settle(AREA, ELECTRICITY, period, 0, 300) {} catch {}
        if (kind == 5) try settlement.payFees(market) {} catch {}
        _isInside = false;
    }

    function _permit(uint256 key, address owner, uint256 amount) private view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 message =
            keccak256(abi.encode(PERMIT_TYPEHASH, owner, address(vault), amount, euro.nonces(owner), timeNow));
        return vm.sign(key, keccak256(abi.encodePacked("\x19\x01", euro.DOMAIN_SEPARATOR(), message)));
    }
}
