// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MeterReadings} from "../../contracts/MeterReadings.sol";
import {OrderBook} from "../../contracts/OrderBook.sol";
import {Registry} from "../../contracts/Registry.sol";
import {IGridOversight} from "../../contracts/interfaces/IGridOversight.sol";
import {IMeterReadings, MeterExchange} from "../../contracts/interfaces/IMeterReadings.sol";
import {IOrderBook} from "../../contracts/interfaces/IOrderBook.sol";
import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {Admission, IRegistry} from "../../contracts/interfaces/IRegistry.sol";
import {ISettlement} from "../../contracts/interfaces/ISettlement.sol";
import {TestEuro} from "../../contracts/mocks/TestEuro.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {CalendarTimes} from "../../contracts/types/Calendar.sol";
import {toMarket} from "../../contracts/types/Market.sol";
import {Order} from "../../contracts/types/Order.sol";
import {toOrderRef} from "../../contracts/types/OrderRef.sol";

/// Forge's cheat codes for reading JSON.
interface JsonVm {
    function readFile(string calldata path) external view returns (string memory);
    function keyExistsJson(string calldata json, string calldata key) external view returns (bool);
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function parseJsonBool(string calldata json, string calldata key) external pure returns (bool);
    function parseJsonString(string calldata json, string calldata key) external pure returns (string memory);
    function parseJsonBytes(string calldata json, string calldata key) external pure returns (bytes memory);
    function parseJsonBytes32(string calldata json, string calldata key) external pure returns (bytes32);
    function parseJsonAddress(string calldata json, string calldata key) external pure returns (address);
    function toString(uint256 value) external pure returns (string memory);
    function etch(address target, bytes calldata code) external;
    function assertEq(bytes32 left, bytes32 right) external pure;
    function assertEq(uint256 left, uint256 right) external pure;
    function assertEq(address left, address right) external pure;
}

/// Every vector of tests/vectors/typed-data.json that a contract verifies, at the address for which it was signed.
contract TypedDataVectorsTest {
    JsonVm private constant vm = JsonVm(address(uint160(uint256(keccak256("hevm cheat code")))));

    string private _json;
    string private _path; // of the vector in hand
    uint256 private _met;

    function setUp() public {
        _json = vm.readFile("tests/vectors/typed-data.json");
    }

    function test_AnOrdersWordDigestAndSignerAreTheVectors() public {
        _forEach("Order", _checkOrder, 3);
    }

    function test_ACancellationsDigestIsTheVectors() public {
        _forEach("Cancellation", _checkCancellation, 1);
    }

    function test_AnAdmissionsDigestIsTheVectors() public {
        _forEach("Admission", _checkAdmission, 2);
    }

    function test_AReadingBatchsDigestIsTheVectors() public {
        _forEach("ReadingBatch", _checkReadingBatch, 2);
    }

    function test_AnOwnReadingsDigestIsTheVectors() public {
        _forEach("OwnReading", _checkOwnReading, 2);
    }

    function test_AMeterExchangesDigestIsTheVectors() public {
        _forEach("MeterExchange", _checkMeterExchange, 2);
    }

    function test_TheTokenTakesTheVectorsPermit() public {
        _forEach("Permit", _checkPermit, 1);
    }

    // --- one message --------------------------------------------------------------------------------------------

    function _checkOrder() private {
        IOrderBook book = IOrderBook(_place(address(_newBook())));
        Order order = Order.wrap(vm.parseJsonUint(_json, string.concat(_path, ".word")));
        vm.assertEq(AccountId.unwrap(order.account()), _uint("account"));
        vm.assertEq(order.market().area(), _uint("area"));
        vm.assertEq(order.market().carrier(), _uint("carrier"));
        vm.assertEq(order.market().period(), _uint("period"));
        vm.assertEq(order.isOffer() ? 1 : 0, _uint("side"));
        vm.assertEq(order.kind(), _uint("kind"));
        vm.assertEq(order.restRemainder() ? 1 : 0, _bool("restRemainder") ? 1 : 0);
        vm.assertEq(order.priceTicks(), _uint("priceTicks"));
        vm.assertEq(order.energyWh(), _uint("energyWh"));
        vm.assertEq(order.maxFeeTicks(), _uint("maxFeeTicks"));
        vm.assertEq(order.nonce(), _uint("nonce"));
        vm.assertEq(order.validUntil(), _uint("validUntil"));
        vm.assertEq(order.hash(), vm.parseJsonBytes32(_json, string.concat(_path, ".structHash")));
        vm.assertEq(book.orderHash(order), _digest());
        _checkSigner();
    }

    function _checkCancellation() private {
        IOrderBook book = IOrderBook(_place(address(_newBook())));
        bytes32 digest = book.cancelHash(
            AccountId.wrap(uint24(_uint("account"))),
            toMarket(uint8(_uint("area")), uint8(_uint("carrier")), uint32(_uint("period"))),
            toOrderRef(_uint("tick"), _uint("index")),
            uint40(_uint("validUntil"))
        );
        vm.assertEq(digest, _digest());
    }

    function _checkAdmission() private {
        Registry fresh = new Registry(address(this), _times(), IPaymentVault(address(0)), IGridOversight(address(0)));
        Registry registry = Registry(_place(address(fresh)));
        Admission memory admission = Admission({
            participant: vm.parseJsonAddress(_json, _field("participant")),
            area: uint8(_uint("area")),
            buyer: _bool("buyer"),
            seller: _bool("seller"),
            number: uint64(_uint("number")),
            validUntil: uint40(_uint("validUntil"))
        });
        vm.assertEq(registry.admissionHash(admission), _digest());
    }

    function _checkReadingBatch() private {
        MeterReadings fresh = new MeterReadings(address(this), _times(), IRegistry(address(0)));
        MeterReadings readings = MeterReadings(_place(address(fresh)));
        bytes32 digest = readings.batchHash(
            uint16(_uint("gateway")),
            uint32(_uint("period")),
            vm.parseJsonBytes32(_json, _field("journal")),
            vm.parseJsonBytes(_json, _field("readings"))
        );
        vm.assertEq(digest, _digest());
    }

    function _checkMeterExchange() private {
        MeterReadings fresh = new MeterReadings(address(this), _times(), IRegistry(address(0)));
        IMeterReadings readings = IMeterReadings(_place(address(fresh)));
        MeterExchange memory exchange = MeterExchange({
            point: uint24(_uint("point")),
            period: uint32(_uint("period")),
            oldImport: uint48(_uint("oldImport")),
            oldExport: uint48(_uint("oldExport")),
            newImport: uint48(_uint("newImport")),
            newExport: uint48(_uint("newExport")),
            importRegister: uint48(_uint("importRegister")),
            exportRegister: uint48(_uint("exportRegister"))
        });
        vm.assertEq(readings.exchangeHash(exchange), _digest());
    }

    function _checkOwnReading() private {
        MeterReadings fresh = new MeterReadings(address(this), _times(), IRegistry(address(0)));
        MeterReadings readings = MeterReadings(_place(address(fresh)));
        bytes32 digest = readings.ownReadingHash(
            uint24(_uint("point")),
            uint32(_uint("period")),
            uint48(_uint("importRegister")),
            uint48(_uint("exportRegister")),
            uint8(_uint("quality"))
        );
        vm.assertEq(digest, _digest());
    }

    function _checkPermit() private {
        TestEuro euro = TestEuro(_place(address(new TestEuro())));
        address owner = vm.parseJsonAddress(_json, _field("owner"));
        address spender = vm.parseJsonAddress(_json, _field("spender"));
        (bytes32 r, bytes32 s, uint8 v) = _signature();
        euro.permit(owner, spender, _uint("value"), _uint("deadline"), v, r, s);
        vm.assertEq(euro.allowance(owner, spender), _uint("value"));
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    function _forEach(string memory message, function() internal check, uint256 expected) private {
        for (uint256 i; vm.keyExistsJson(_json, _vector(i)); ++i) {
            _path = _vector(i);
            string memory found = vm.parseJsonString(_json, string.concat(_path, ".typedData.primaryType"));
            if (keccak256(bytes(found)) != keccak256(bytes(message))) continue;
            ++_met;
            check();
        }
        vm.assertEq(_met, expected);
    }

    function _newBook() private returns (OrderBook) {
        return new OrderBook(_times(), IPaymentVault(address(0)), IGridOversight(address(0)), ISettlement(address(0)));
    }

    /// Puts a contract's code where the vector's domain says that it is.
    function _place(address fresh) private returns (address where) {
        where = vm.parseJsonAddress(_json, string.concat(_path, ".typedData.domain.verifyingContract"));
        vm.etch(where, fresh.code);
    }

    function _times() private pure returns (CalendarTimes memory) {
        return CalendarTimes(900, 24 hours, 5 minutes, 1 hours, 24 hours, 7 days, 9 days, 1024);
    }

    function _checkSigner() private view {
        (bytes32 r, bytes32 s, uint8 v) = _signature();
        vm.assertEq(ecrecover(_digest(), v, r, s), vm.parseJsonAddress(_json, ".signer"));
    }

    function _signature() private view returns (bytes32 r, bytes32 s, uint8 v) {
        bytes memory signature = vm.parseJsonBytes(_json, string.concat(_path, ".signature"));
        assembly ("memory-safe") {
            r := mload(add(signature, 32))
            s := mload(add(signature, 64))
            v := byte(0, mload(add(signature, 96)))
        }
    }

    function _digest() private view returns (bytes32) {
        return vm.parseJsonBytes32(_json, string.concat(_path, ".digest"));
    }

    function _uint(string memory name) private view returns (uint256) {
        return vm.parseJsonUint(_json, _field(name));
    }

    function _bool(string memory name) private view returns (bool) {
        return vm.parseJsonBool(_json, _field(name));
    }

    function _field(string memory name) private view returns (string memory) {
        return string.concat(_path, ".typedData.message.", name);
    }

    function _vector(uint256 index) private pure returns (string memory) {
        return string.concat(".vectors[", vm.toString(index), "]");
    }
}
