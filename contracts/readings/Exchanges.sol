// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IMeterReadingsExtension, MeterExchange, Quality} from "../interfaces/IMeterReadings.sol";
import {MeteringPoint} from "../interfaces/IRegistry.sol";
import {Domain} from "../libraries/Domain.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {ReadingLane, toReadingLane} from "../types/ReadingWord.sol";
import {Substitutes} from "./Substitutes.sol";

/// Another meter on a point. The period of the exchange has an energy that isn't a register difference, so it stands apart; the periods
/// after it go on from the new meter's registers. Σ period energy is then Σ over meters of last − first.
abstract contract Exchanges is IMeterReadingsExtension, Domain, Substitutes {
    using Signatures for address;

    bytes32 private constant EXCHANGE_TYPEHASH = keccak256(
        "MeterExchange(uint24 point,uint32 period,uint48 oldImport,uint48 oldExport,uint48 newImport,uint48 newExport,uint48 importRegister,uint48 exportRegister)"
    );

    /// @inheritdoc IMeterReadingsExtension
    function exchangeMeter(
        MeterExchange calldata exchange,
        bytes calldata gatewaySignature,
        bytes calldata meterSignature
    ) external {
        _requireInTime(exchange.period);
        MeteringPoint memory data = REGISTRY.point(exchange.point);
        _requireSigned(exchange, data.gateway, gatewaySignature, meterSignature);
        bool isDisputed;
        if (_lane(exchange.point, exchange.period).isKnown()) isDisputed = _closeExchanged(exchange, data);
        else _bookExchanged(exchange, data);
        ReadingLane end = toReadingLane(exchange.importRegister, exchange.exportRegister, Quality.Apart);
        _setLane(exchange.point, exchange.period, end.withDispute(isDisputed));
        emit MeterExchanged(exchange.point, exchange.period, exchange);
    }

    /// @inheritdoc IMeterReadingsExtension
    function exchangeHash(MeterExchange calldata exchange) public view returns (bytes32) {
        return _digest(keccak256(abi.encode(EXCHANGE_TYPEHASH, exchange)));
    }

    // --- booking ------------------------------------------------------------------------------------------------

    /// The period's start is known, and its end isn't.
    function _bookExchanged(MeterExchange calldata exchange, MeteringPoint memory data) private {
        ReadingLane start = _lane(exchange.point, exchange.period - 1);
        if (!start.isKnown() || start.isSubstitute()) _refuse(exchange, SkipReason.NotConsecutive);
        ReadingLane end = _wentOn(exchange);
        _requireForwards(exchange, start, end);
        Energy memory energy = Energy(end.importSince(start), end.exportSince(start));
        bool above = energy.importWh > data.maxImportWh || energy.exportWh > data.maxExportWh;
        if (above) _refuse(exchange, SkipReason.AboveLimit);
        _setApart(exchange.point, exchange.period, energy);
    }

    /// The period is the last of an open run: its periods share what both meters counted.
    function _closeExchanged(MeterExchange calldata exchange, MeteringPoint memory data)
        private
        returns (bool isDisputed)
    {
        (uint24 point, uint32 period) = (exchange.point, exchange.period);
        ReadingLane start = _runs[point].start;
        (ReadingLane closed, SkipReason reason) =
            _closeRun(point, period, _wentOn(exchange), data.maxImportWh, data.maxExportWh);
        if (!closed.isKnown()) _refuse(exchange, reason);
        _requireForwards(exchange, start, closed);
        return closed.isDisputed();
    }

    /// What the old meter would show at the period's end, had it gone on as the new one did.
    function _wentOn(MeterExchange calldata exchange) private pure returns (ReadingLane) {
        unchecked {
            return toReadingLane(
                uint256(exchange.oldImport) + exchange.importRegister - exchange.newImport,
                uint256(exchange.oldExport) + exchange.exportRegister - exchange.newExport,
                Quality.Apart
            );
        }
    }

    /// The new meter alone counted no more than both: else the old one, or the registers' turn, would make up for it.
    function _requireForwards(MeterExchange calldata exchange, ReadingLane start, ReadingLane end) private pure {
        ReadingLane first = toReadingLane(exchange.newImport, exchange.newExport, Quality.Apart);
        ReadingLane last = toReadingLane(exchange.importRegister, exchange.exportRegister, Quality.Apart);
        bool backwards =
            last.importSince(first) > end.importSince(start) || last.exportSince(first) > end.exportSince(start);
        if (backwards) _refuse(exchange, SkipReason.AboveLimit);
    }

    // --- rules --------------------------------------------------------------------------------------------------

    function _requireSigned(
        MeterExchange calldata exchange,
        uint16 gateway,
        bytes calldata gatewaySignature,
        bytes calldata meterSignature
    ) private view {
        bytes32 digest = exchangeHash(exchange);
        address meter = REGISTRY.meterKey(exchange.point);
        bool byGateway = gateway == 0 || REGISTRY.gatewayKey(gateway).isBy(digest, gatewaySignature);
        if (!byGateway) _refuse(exchange, SkipReason.WrongGateway);
        bool byMeter = meter == address(0) || meter.isBy(digest, meterSignature);
        if (!byMeter) _refuse(exchange, SkipReason.NotTheMeter);
    }

    function _refuse(MeterExchange calldata exchange, SkipReason reason) private pure {
        revert ExchangeRefused(exchange.point, exchange.period, reason);
    }
}
