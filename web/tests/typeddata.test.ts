// SPDX-License-Identifier: MIT
/** The vectors that Solidity and Python test too. */
import { describe, expect, test } from "vitest";
import { recoverTypedDataAddress, type Hex } from "viem";
import vectors from "../../tests/vectors/typed-data.json";
import * as typed from "../src/typeddata.ts";
import type { TypedData } from "../src/types.ts";

interface Vector {
  title: string;
  type: string;
  typedData: { domain: typed.Domain; message: Record<string, unknown> };
  digest: Hex;
  signature?: Hex;
  word?: Hex;
}

const all = vectors.vectors as unknown as Vector[];
const ours = [typed.ORDER, typed.CANCELLATION, typed.SESSION, typed.RECEIPT, typed.PERMIT];
const orders = all.filter(({ word }) => word !== undefined);

describe("typed data", () => {
  test.each(all.map((vector) => [vector.title, vector] as const))("%s has the shared digest", (_title, vector) => {
    const { domain, message } = vector.typedData;
    expect(typed.digest(vector.type, domain, message)).toBe(vector.digest);
  });

  test.each(all.filter(({ signature }) => signature).map((vector) => [vector.title, vector] as const))(
    "%s is signed by the shared signer",
    async (_title, vector) => {
      const { domain, message } = vector.typedData;
      const data = { ...typed.describe(vector.type), domain, message, signature: vector.signature as Hex };
      expect(await recoverTypedDataAddress(data)).toBe(vectors.signer);
    },
  );

  test("a meter's own reading says its registers in the shared fields", async () => {
    const [reading, greatest] = all.filter(({ type }) => type.startsWith("OwnReading("));
    if (!reading?.signature || !greatest) throw new Error("the vectors lack own readings");
    expect(typed.describe(reading.type).types).toEqual((reading.typedData as unknown as TypedData).types);
    expect(reading.typedData.message).toMatchObject({ point: 1, importRegister: 74_565, exportRegister: 1_656 });
    const { domain, message } = reading.typedData;
    const other = { ...message, importRegister: 74_566 };
    const data = { ...typed.describe(reading.type), domain, message: other, signature: reading.signature };
    expect(await recoverTypedDataAddress(data)).not.toBe(vectors.signer);
    expect(typed.digest(greatest.type, domain, greatest.typedData.message)).toBe(greatest.digest);
  });

  test.each(ours)("the vectors hold %s", (type) => {
    expect(all.map((vector) => vector.type)).toContain(type);
  });
});

describe("the order word", () => {
  test.each(orders.map((vector) => [vector.title, vector] as const))("%s packs as in Solidity", (_title, vector) => {
    const order = vector.typedData.message as unknown as typed.OrderFields;
    expect(typed.packOrder(order)).toBe(BigInt(vector.word as Hex));
    expect(typed.unpackOrder(BigInt(vector.word as Hex))).toEqual(order);
  });

  test("a value that doesn't fit its field is refused", () => {
    const order = { ...(orders[0]?.typedData.message as unknown as typed.OrderFields), energyWh: 2 ** 23 };
    expect(() => typed.packOrder(order)).toThrow(RangeError);
  });

  test("bits above the last field are refused", () => {
    expect(() => typed.unpackOrder(1n << 199n)).toThrow(RangeError);
  });
});
