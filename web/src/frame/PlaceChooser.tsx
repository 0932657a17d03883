// SPDX-License-Identifier: MIT
/** Which account and carrier the page shows; hidden where there is nothing to choose. */
import { useCell } from "../cell.ts";
import { carrierName } from "../ids.ts";
import { deployment, memberships, selection } from "../state.ts";
import { tell } from "../topics.ts";
import { chosenAccount, chosenCarrier, useMembership, usePlace } from "../views.ts";

export function PlaceChooser() {
  const known = useCell(deployment);
  const owned = useCell(memberships) ?? [];
  const { area, carrier } = usePlace();
  const membership = useMembership();
  const carriers = known?.areas.find((one) => one.area === area)?.carriers ?? [];
  if (owned.length < 2 && carriers.length < 2) return null;
  const move = () => {
    selection.set(null);
    tell("markets");
  };
  return (
    <div class="row place">
      {owned.length > 1 && (
        <label>
          Account{" "}
          <select
            value={membership?.account}
            onChange={(event) => {
              chosenAccount.set(Number(event.currentTarget.value));
              move();
            }}
          >
            {owned.map((one) => <option key={one.account} value={one.account}>{one.account} (area {one.area})</option>)}
          </select>
        </label>
      )}
      {carriers.length > 1 && (
        <label>
          Carrier{" "}
          <select
            value={carrier}
            onChange={(event) => {
              chosenCarrier.set(Number(event.currentTarget.value));
              move();
            }}
          >
            {carriers.map((one) => <option key={one} value={one}>{carrierName(one)}</option>)}
          </select>
        </label>
      )}
    </div>
  );
}
