// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId, backstopAccount} from "../../../contracts/types/AccountId.sol";
import {Connection} from "../../../contracts/types/Connection.sol";
import {Market, toMarket} from "../../../contracts/types/Market.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {OrderRef} from "../../../contracts/types/OrderRef.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {WattbookTest} from "./WattbookTest.sol";

/// Forge's cheat codes for reading JSON.
interface DayVm {
    function readFile(string calldata path) external view returns (string memory);
    function keyExistsJson(string calldata json, string calldata key) external view returns (bool);
    function parseJson(string calldata json, string calldata key) external pure returns (bytes memory);
    function pauseGasMetering() external;
    function toString(uint256 value) external pure returns (string memory);
}

/// The community of tests/vectors/day.json, whose README.md names the columns. Periods count from the day's first.
abstract contract DayTest is WattbookTest {
    DayVm private constant files = DayVm(address(uint160(uint256(keccak256("hevm cheat code")))));
    string private constant PATH = "tests/vectors/day.json";

    uint32 internal constant PERIODS = 96;
    int256 internal constant CANCEL = 4;

    uint32 internal first; // the day's first period
    AccountId[] internal accounts;

    function setUp() public virtual override {
        super.setUp();
        openNeighbour();
        _admitAll();
        first = firstUntradable();
        _scheduleTerms();
        _connect();
        vm.warp(startsAt(first) - 10 minutes);
    }

    /// Reading the file costs more gas than a test has.
    function spareGas() internal {
        files.pauseGasMetering();
    }

    // --- the file -----------------------------------------------------------------------------------------------

    /// What stands at `key`, encoded. In a call of its own, whose memory is gone afterwards.
    function encoded(string memory key) external view returns (bytes memory) {
        return files.parseJson(files.readFile(PATH), key);
    }

    function exists(string memory key) external view returns (bool) {
        return files.keyExistsJson(files.readFile(PATH), key);
    }

    function rows(string memory key) internal view returns (int256[][] memory) {
        return abi.decode(this.encoded(key), (int256[][]));
    }

    function row(string memory key) internal view returns (int256[] memory) {
        return abi.decode(this.encoded(key), (int256[]));
    }

    function number(string memory key) internal view returns (uint256) {
        return abi.decode(this.encoded(key), (uint256));
    }

    function has(string memory key) internal view returns (bool) {
        return this.exists(key);
    }

    function text(uint256 value) internal pure returns (string memory) {
        return files.toString(value);
    }

    function rowsOf(string memory key, uint32 period) internal view returns (int256[][] memory) {
        return rows(string.concat(".", key, "[", files.toString(period), "]"));
    }

    function rowOf(string memory key, uint32 period) internal view returns (int256[] memory) {
        return row(string.concat(".", key, "[", files.toString(period), "]"));
    }

    // --- what is in it ------------------------------------------------------------------------------------------

    function marketOf(uint256 area, uint32 period) internal view returns (Market) {
        return toMarket(uint8(area), ELECTRICITY, first + period);
    }

    function orderOf(int256[] memory data, uint32 period) internal view returns (Order) {
        return pack(
            OrderFields({
                account: accountOf(data[0]),
                market: marketOf(uint256(data[1]), period),
                isOffer: data[2] == 1,
                kind: uint8(uint256(data[3])),
                priceTicks: uint256(data[4]),
                energyWh: uint256(data[5]),
                maxFeeTicks: uint256(data[6]),
                nonce: 0,
                validUntil: 0
            })
        );
    }

    function ownOf(int256[] memory data) internal pure returns (OrderRef[] memory own) {
        own = new OrderRef[](data.length - 12);
        for (uint256 i; i < own.length; ++i) {
            own[i] = OrderRef.wrap(uint32(uint256(data[12 + i])));
        }
    }

    function accountOf(int256 account) internal pure returns (AccountId) {
        return AccountId.wrap(uint24(uint256(account)));
    }

    // --- setting up ---------------------------------------------------------------------------------------------

    /// The key of an account's owner is its number.
    function _admitAll() private {
        int256[][] memory all = rows(".accounts");
        for (uint256 i; i < all.length; ++i) {
            AccountId account = accountOf(all[i][0]);
            AccountId opened = admitTo(account.area(), uint256(all[i][0]));
            vm.assertEq(AccountId.unwrap(opened), uint256(all[i][0]));
            fund(account, uint256(all[i][1]));
            accounts.push(account);
        }
        int256[][] memory points = rows(".points");
        uint24 limit = uint24(number(".pointLimitWh"));
        for (uint256 i; i < points.length; ++i) {
            registerPoint(accountOf(points[i][0]), limit, limit, uint24(uint256(points[i][1])));
        }
    }

    function _scheduleTerms() private {
        for (uint256 i; i < 2; ++i) {
            string memory at = string.concat(".areas[", files.toString(i), "]");
            uint8 area = uint8(number(string.concat(at, ".area")));
            fund(backstopAccount(area), number(string.concat(at, ".backstopDeposit")));
            _scheduleEntry(at, 0, area);
        }
        _scheduleEntry(".areas[0]", 1, AREA);
    }

    function _scheduleEntry(string memory at, uint256 entry, uint8 area) private {
        string memory terms = string.concat(at, ".terms[", files.toString(entry), "]");
        Terms memory wanted;
        wanted.retailTicks = uint16(number(string.concat(terms, ".retail")));
        wanted.feedInTicks = uint16(number(string.concat(terms, ".feedIn")));
        wanted.levyBuyTicks = uint16(number(string.concat(terms, ".levyBuy")));
        wanted.levySellTicks = uint16(number(string.concat(terms, ".levySell")));
        wanted.exportCapacityWh = uint40(number(string.concat(at, ".exportCapacityWh")));
        wanted.inboundCapacityWh = uint40(number(string.concat(at, ".inboundCapacityWh")));
        uint32 from = first + uint32(number(string.concat(terms, ".fromPeriod")));
        oversight.scheduleTerms(area, ELECTRICITY, from, wanted);
    }

    function _connect() private {
        for (uint256 i; i < 2; ++i) {
            string memory at = string.concat(".connections[", files.toString(i), "]");
            oversight.scheduleConnection(
                uint8(number(string.concat(at, ".from"))),
                uint8(number(string.concat(at, ".to"))),
                ELECTRICITY,
                first,
                Connection(
                    uint16(number(string.concat(at, ".feeTicks"))), uint40(number(string.concat(at, ".capacityWh")))
                )
            );
        }
    }
}
