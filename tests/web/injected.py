# SPDX-License-Identifier: MIT
"""A wallet as browsers have them: EIP-1193, announced by EIP-6963, its key outside the page."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from eth_account import Account
from eth_account.messages import encode_typed_data
from playwright.sync_api import Page

from tests.api.house import secret_of
from wattbook.keys import Key

REJECTED = {"code": 4001, "message": "User rejected the request."}
CHAIN_UNKNOWN = {"code": 4902, "message": "Unrecognized chain ID."}
UNSUPPORTED = {"code": 4200, "message": "The wallet doesn't know this method."}

# The page sees a promise that resolves or rejects, as EIP-1193 says.
PROVIDER = """(name, legacy) => {
  const provider = {
    async request({method, params}) {
      const {result, error} = await window[`__wallet_${name}`](method, params || []);
      if (error) throw Object.assign(new Error(error.message), {code: error.code});
      return result;
    },
    on() {}, removeListener() {},
  };
  if (legacy) { window.ethereum = provider; return; }
  const icon = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>";
  const info = Object.freeze({uuid: `uuid-${name}`, name, icon, rdns: `test.${name}`});
  const announce = () => window.dispatchEvent(
    new CustomEvent("eip6963:announceProvider", {detail: Object.freeze({info, provider})}));
  window.addEventListener("eip6963:requestProvider", announce);
  announce();
}"""


class WalletError(Exception):
    """What the wallet answers instead of a result."""


@dataclass
class Wallet:
    """`refuses` holds the methods that the person says no to; `asked` all that the page asked for."""

    key: Key
    name: str = "paper"
    legacy: bool = False
    chain_id: int = 31_337
    known: dict[int, str] = field(default_factory=dict)
    refuses: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def inject(self, page: Page) -> None:
        """From the page's next load on."""
        page.expose_function(f"__wallet_{self.name}", self.answer)
        page.add_init_script(f"({PROVIDER})({json.dumps(self.name)}, {json.dumps(self.legacy)})")

    def answer(self, method: str, params: list[Any]) -> dict[str, Any]:
        self.asked.append(method)
        try:
            if method in self.refuses:
                raise WalletError(REJECTED)
            if method not in _METHODS:
                raise WalletError(UNSUPPORTED)
            return {"result": _METHODS[method](self, params)}
        except WalletError as refusal:
            return {"error": refusal.args[0]}

    def _accounts(self, _: list[Any]) -> list[str]:
        return [self.key.address.lower()]

    def _chain(self, _: list[Any]) -> str:
        return hex(self.chain_id)

    def _switch(self, params: list[Any]) -> None:
        wanted = int(params[0]["chainId"], 16)
        if wanted != self.chain_id and wanted not in self.known:
            raise WalletError(CHAIN_UNKNOWN)
        self.chain_id = wanted

    def _add(self, params: list[Any]) -> None:
        self.known[int(params[0]["chainId"], 16)] = params[0]["rpcUrls"][0]

    def _sign(self, params: list[Any]) -> str:
        data = json.loads(params[1])
        if data["domain"]["chainId"] != self.chain_id:
            raise WalletError({"code": -32603, "message": "Provided chainId must match the active chainId"})
        signed = Account.sign_message(encode_typed_data(full_message=data), secret_of(self.key))
        return "0x" + signed.signature.hex().removeprefix("0x")

    def _send(self, params: list[Any]) -> str:
        """As a wallet does it: everything that is missing is asked of the chain."""
        call = params[0]
        sender = self.key.address
        transaction = {
            "chainId": self.chain_id,
            "to": call["to"],
            "data": call["data"],
            "value": int(call.get("value", "0x0"), 16),
            "nonce": int(self._rpc("eth_getTransactionCount", sender, "pending"), 16),
            "gas": int(self._rpc("eth_estimateGas", {**call, "from": sender}), 16) * 5 // 4,
            "gasPrice": int(self._rpc("eth_gasPrice"), 16),
        }
        raw = Account.sign_transaction(transaction, secret_of(self.key)).raw_transaction
        return str(self._rpc("eth_sendRawTransaction", "0x" + raw.hex().removeprefix("0x")))

    def _rpc(self, method: str, *params: Any) -> Any:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        answer = httpx.post(self.known[self.chain_id], json=body, trust_env=False).json()
        if "error" in answer:
            raise WalletError(answer["error"])
        return answer["result"]


_METHODS: dict[str, Callable[[Wallet, list[Any]], Any]] = {
    "eth_requestAccounts": Wallet._accounts,
    "eth_accounts": Wallet._accounts,
    "eth_chainId": Wallet._chain,
    "wallet_switchEthereumChain": Wallet._switch,
    "wallet_addEthereumChain": Wallet._add,
    "eth_signTypedData_v4": Wallet._sign,
    "eth_sendTransaction": Wallet._send,
}
