# SPDX-License-Identifier: MIT

"""The API's and the relay's own branch of the tree in wattbook/errors.

WattbookError
└── ApiError
    ├── RequestInvalid              a field is missing or of the wrong form
    │   ├── CursorInvalid
    │   ├── OrderWordMalformed
    │   └── SignatureMalformed
    ├── BodyTooLarge
    ├── RouteUnknown, MethodNotAllowed
    ├── NotFound                    MarketUnknown, AccountUnknown, OrderUnknown, CancelUnknown, …
    ├── SessionMissing, SessionInvalid, SessionExpired, SessionUsed
    ├── NotYourAccount
    ├── SignerNotOwner, WalletDisagrees
    ├── TooManyWaiting
    ├── RelayClosed, IndexBehind, StreamFull
    └── RpcMethodRefused, RpcCallRefused
"""

from wattbook.errors import Exit, WattbookError


class ApiError(WattbookError):
    code = "api"
    exit_status = Exit.REFUSED
    http_status = 400
    sentence = "The request can't be answered: {reason}."


class RequestInvalid(ApiError):
    http_status = 422
    sentence = "The request is wrong: {reason}."


class CursorInvalid(RequestInvalid):
    sentence = "This cursor is not one of ours: start from the first page again."


class OrderWordMalformed(RequestInvalid):
    code = "order-malformed"
    sentence = "This is not an order word: send the one that /v1/typed-data/order gave."


class SignatureMalformed(RequestInvalid):
    sentence = (
        "This is not a signature: send the bytes (a key's: 64 or 65, low s) that the wallet gave, as 0x-hex."
    )


class BodyTooLarge(ApiError):
    http_status = 413
    sentence = "The request has more than {limit} bytes: send less."


class NotFound(ApiError):
    http_status = 404
    sentence = "There is nothing here."


class RouteUnknown(NotFound):
    sentence = "There is no {path}: /openapi.json lists what there is."


class MethodNotAllowed(ApiError):
    http_status = 405
    sentence = "{path} does not take {method}: /openapi.json lists what there is."


class MarketUnknown(NotFound):
    sentence = "There is no market {market}: no terms are scheduled for its area, carrier and period."


class AccountUnknown(NotFound):
    sentence = "There is no account {account}: an admission opens one."


class PointUnknown(NotFound):
    sentence = "Account {account} has no metering point {point}."


class OrderUnknown(NotFound):
    sentence = "No order has the hash {hash}."


class CancelUnknown(NotFound):
    sentence = "No cancel has the hash {hash}."


class TransactionUnknown(NotFound):
    sentence = "There is no transaction called {name}: the known ones are {known}."


class SessionMissing(ApiError):
    http_status = 401
    sentence = "This is shown to the account's owner only: open a session with a wallet signature."


class SessionInvalid(ApiError):
    http_status = 401
    sentence = "This session does not exist: open another with a wallet signature."


class SessionExpired(ApiError):
    http_status = 401
    sentence = "The session is over: open another with a wallet signature."


class SessionUsed(ApiError):
    http_status = 409
    sentence = "This signed session was opened before: ask for another and sign that."


class NotYourAccount(ApiError):
    http_status = 403
    sentence = "Account {account} belongs to someone else: a session shows its owner's accounts only."


class SignerNotOwner(ApiError):
    """The same code as the contract's error of the same meaning."""

    code = "signature-invalid"
    http_status = 403
    sentence = "The signature is not of {owner}: sign with the wallet that owns the account."


class WalletDisagrees(ApiError):
    """For an account that a contract wallet owns (EIP-1271)."""

    http_status = 403
    sentence = "The contract wallet {owner} doesn't know the signature: let those sign who may for it."


class TooManyWaiting(ApiError):
    http_status = 429
    sentence = "Account {account} has {waiting} orders waiting in the relay: wait until they are placed."


class RelayClosed(ApiError):
    http_status = 503
    sentence = "The relay takes no orders: no receipt key is set. Send the order with your wallet instead."


class IndexBehind(ApiError):
    http_status = 503
    sentence = "The index of the chain isn't ready: start the indexer, or wait until it has caught up."


class StreamFull(ApiError):
    http_status = 503
    sentence = "All {limit} event streams are taken: try again later."


class RpcMethodRefused(ApiError):
    http_status = 403
    sentence = "The method {method} is not served here."


class RpcCallRefused(ApiError):
    http_status = 403
    sentence = "This call is not served here: it would show what belongs to others."
