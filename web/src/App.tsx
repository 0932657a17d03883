// SPDX-License-Identifier: MIT
/** The page. */
import { chainNow } from "./chainclock.ts";
import { useCell } from "./cell.ts";
import { Banners } from "./frame/Banners.tsx";
import { DemoNote } from "./frame/DemoNote.tsx";
import { Header } from "./frame/Header.tsx";
import { PlaceChooser } from "./frame/PlaceChooser.tsx";
import { Community } from "./market/Community.tsx";
import { MarketView } from "./market/MarketView.tsx";
import { Mine } from "./mine/Mine.tsx";
import { deployment } from "./state.ts";
import { offsetName } from "./time.ts";

export function App() {
  const known = useCell(deployment);
  return (
    <>
      <a class="skip" href="#main">To the content</a>
      <Header />
      <Banners />
      <main id="main">
        <DemoNote />
        {known ? (
          <>
            <PlaceChooser />
            <MarketView />
            <Mine />
            <Community />
          </>
        ) : (
          <p class="empty" role="status">Looking for the community’s server…</p>
        )}
      </main>
      <Footer />
    </>
  );
}

function Footer() {
  const now = useCell(chainNow);
  const known = useCell(deployment);
  return (
    <footer>
      <p>
        Times are your local time ({offsetName(now)}); point at one for UTC. Prices are in cents of{" "}
        {known?.token.symbol ?? "the currency"}, energy in kilowatt-hours. Amounts are rounded to four decimals; point at
        one for the exact figure.
      </p>
      <p>
        Orders, meter readings and payments are kept on the chain {known?.chain.name ?? ""}; your key stays in your wallet.
      </p>
    </footer>
  );
}
