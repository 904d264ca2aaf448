import { beforeAll, describe, expect, it } from 'vitest';
import { declaredBy, healthy } from '../declared.ts';
import { type House, openHouse, type Reply } from '../house.ts';

let house: House;
let expectDeclared: (reply: Reply) => void;

beforeAll(async () => {
  house = await openHouse();
  await house.drop('line', 'the line.json', healthy);
  expectDeclared = await declaredBy(house);
});

const file = (version: string, name: string) =>
  house.api({ path: `/v1/models/line/versions/${version}/files/${name}` });

describe('a file of a version', () => {
  it('is what was dropped, and the card names it', async () => {
    const card = await house.api({ path: '/v1/models/line/card' });
    expect(card.json).toMatchObject({ files: ['the line.json'] });
    const reply = await file('1', 'the%20line.json');
    expect([reply.status, reply.headers['content-type']]).toEqual([200, 'application/octet-stream']);
    expect(reply.text).toBe(new TextDecoder().decode(healthy));
    expectDeclared(reply);
  });

  it.each([
    ['of another name', '1', 'model.json', 'file "model.json" does not exist'],
    ['on the way out of the registry', '1', '..%2F..%2Fkeys', 'file "../../keys" does not exist'],
    ['of a version that is not there', '2', 'the%20line.json', 'has no version "2"'],
    ['of a version written otherwise', '01', 'the%20line.json', 'has no version "01"'],
  ])('%s is not there', async (_, version, name, error) => {
    const reply = await file(version, name);
    expect([reply.status, reply.json]).toEqual([404, { error: expect.stringContaining(error) }]);
    expectDeclared(reply);
  });

  it('that no answer can carry is refused, and lies in the registry', async () => {
    const large = new TextEncoder().encode(`${new TextDecoder().decode(healthy)}${' '.repeat(4_800_000)}`);
    await house.drop('large', 'model.json', large);
    const reply = await house.api({ path: '/v1/models/large/versions/1/files/model.json' });
    expect([reply.status, reply.json]).toEqual([413, { error: expect.stringContaining('copy it from the registry') }]);
    expectDeclared(reply);
  });
});
