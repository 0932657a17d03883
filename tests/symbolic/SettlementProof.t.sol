// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../../contracts/types/AccountId.sol";
import {Fill, toFill} from "../../contracts/types/Fill.sol";
import {Market} from "../../contracts/types/Market.sol";
import {purchase, sale} from "../../contracts/types/RecordWord.sol";
import {Terms} from "../../contracts/types/Terms.sol";
import {MeteredTest} from "../contracts/base/MeteredTest.sol";

/// Three members who traded, of whom one takes any energy of full width, through the contracts as they are deployed: registry,
/// signed readings, vault and settlement. This contract is the venue in which Ana sold to Ben and to Cem. Any trades
/// and any metering of each are PageProof's. Terms are powers of two: the solver then sees shifts instead of products.
contract SettlementProof is MeteredTest {
    uint96 private constant KEY = 0x0100;
    uint256 private constant FUNDS = 1e12;
    uint16 private constant RETAIL_TICKS = 4096;
    uint16 private constant FEED_IN_TICKS = 512;
    uint256 private constant BEN_TICKS = 2048;
    uint256 private constant CEM_TICKS = 1024;

    AccountId private ana;
    AccountId private ben;
    AccountId private cem;
    uint24[3] private points;
    uint32 private period;
    Market private market;

    struct Energies {
        uint24 soldToBen;
        uint24 soldToCem;
        uint24 anaExport;
        uint24 benImport;
        uint24 cemImport;
    }

    function setUp() public override {
        super.setUp();
        Terms memory terms = usualTerms();
        (terms.retailTicks, terms.feedInTicks) = (RETAIL_TICKS, FEED_IN_TICKS);
        terms.exportCapacityWh = type(uint40).max >> 14;
        oversight.scheduleTerms(AREA, ELECTRICITY, firstUntradable(), terms);
        vm.warp(block.timestamp + calendarTimes().opensBefore + PERIOD_SECONDS);
        vault.grantVenue(address(this), false);
        settlement.grantVenue(address(this));
        (ana, ben, cem) = (admit(ANA), admit(BEN), admit(CEM));
        points[0] = registerPoint(ana, type(uint24).max, type(uint24).max, 100);
        points[1] = registerPoint(ben, type(uint24).max, 0, 100);
        points[2] = registerPoint(cem, type(uint24).max, 0, 100);
        fund(backstop(), FUNDS);
        period = warpToParticipation();
        market = electricity(period);
    }

    // What comes into the pot (escrow, locks, guarantee, shortages) is what goes out. With the vault's own proofs that is: the
    // cash of members and backstop sums to 0.

    function check_AnyImportLeavesNothingInThePot(uint24 used) public {
        _run(Energies(1, 0x7fffff, 0xc00000, 0, used));
        assert(potOfSettlement(ELECTRICITY, period) == 0);
    }

    function _run(Energies memory energies) private {
        fund(ana, FUNDS);
        fund(ben, FUNDS);
        fund(cem, FUNDS);
        _trade(energies);
        _meter(energies);
        settlement.settle(AREA, ELECTRICITY, period, 0, 256);
    }

    function _trade(Energies memory energies) private {
        settlement.openMarket(market);
        uint256 toBen = uint256(energies.soldToBen) * BEN_TICKS;
        uint256 toCem = uint256(energies.soldToCem) * CEM_TICKS;
        uint256 sold = uint256(energies.soldToBen) + energies.soldToCem;
        uint256 locked = uint256(energies.soldToBen) * (RETAIL_TICKS - BEN_TICKS) + uint256(energies.soldToCem)
            * (RETAIL_TICKS - CEM_TICKS);
        vault.lock(ana, vm.addr(ANA), KEY, locked, true);
        vault.lock(ben, vm.addr(BEN), KEY, toBen, false);
        vault.lock(cem, vm.addr(CEM), KEY, toCem, false);
        vm.warp(startsAt(period));
        uint256[] memory fills = new uint256[](3);
        fills[0] = Fill.unwrap(toFill(ana, sale(sold, toBen + toCem, locked)));
        fills[1] = Fill.unwrap(toFill(ben, purchase(energies.soldToBen, toBen)));
        fills[2] = Fill.unwrap(toFill(cem, purchase(energies.soldToCem, toCem)));
        vault.move(KEY, address(settlement), uint96(period % calendarTimes().ringPeriods), locked + toBen + toCem);
        settlement.bookFills(market, fills, 0);
        settlement.closeMarket(market);
    }

    function _meter(Energies memory energies) private {
        vm.warp(endsAt(period));
        post(period - 1, bytes.concat(base(points[0], 0, 0), base(points[1], 0, 0), base(points[2], 0, 0)));
        post(
            period,
            bytes.concat(
                measured(points[0], 0, energies.anaExport),
                measured(points[1], energies.benImport, 0),
                measured(points[2], energies.cemImport, 0)
            )
        );
        vm.warp(endsAt(period) + calendarTimes().finalAfter);
    }
}
