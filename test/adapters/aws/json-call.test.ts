import { describe, expect, test } from 'vitest';
import { eventRule } from '../../../adapters/aws/event-rule.ts';
import { readLog } from '../../../adapters/aws/read-log.ts';
import { bodyOf, fakeServer } from '../../apps/client/fake-server.ts';

const sessionAt = (endpoint: string) => ({
  region: 'eu-north-1',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'secret',
  sessionToken: undefined,
  endpoint,
});

/** A stand-in for AWS that answers these in turn, and what it was asked. */
async function standIn(...answers: { status?: number; body: object }[]) {
  const asked: { target: unknown; signed: unknown; body: unknown }[] = [];
  const server = await fakeServer(async (request, response) => {
    const { 'x-amz-target': target, authorization: signed } = request.headers;
    asked.push({ target, signed, body: JSON.parse(await bodyOf(request)) });
    const { status = 200, body } = answers[asked.length - 1] ?? { status: 500, body: {} };
    response.writeHead(status).end(JSON.stringify(body));
  });
  return { server, asked };
}

describe('a log of CloudWatch', () => {
  test('is read page by page, one group after the other, from and up to but not with', async () => {
    const line = (timestamp: number) => ({ timestamp, message: `line ${timestamp}` });
    const { server, asked } = await standIn(
      { body: { events: [line(1)], nextToken: 'more' } },
      { body: { events: [line(2)] } },
      { body: { events: [line(3)] } },
    );
    const pages: unknown[] = [];
    const read = readLog({ session: sessionAt(server.url), logGroups: ['group', 'other'], pattern: '{ $.a = 1 }' });
    for await (const page of read(1_000, 2_000)) pages.push(page);
    expect(pages).toEqual([[line(1)], [line(2)], [line(3)]]);
    const request = { logGroupName: 'group', startTime: 1_000, endTime: 1_999, filterPattern: '{ $.a = 1 }' };
    expect(asked).toMatchObject([
      { target: 'Logs_20140328.FilterLogEvents', signed: expect.stringContaining('/eu-north-1/logs/'), body: request },
      { body: { ...request, nextToken: 'more' } },
      { body: { ...request, logGroupName: 'other' } },
    ]);
    await server.close();
  });

  test('that is refused says what AWS said', async () => {
    const { server } = await standIn({ status: 400, body: { __type: 'ThrottlingException' } });
    const read = readLog({ session: sessionAt(server.url), logGroups: ['group'], pattern: '' });
    await expect(read(0, 1)[Symbol.asyncIterator]().next()).rejects.toThrow(
      'FilterLogEvents was answered 400 ThrottlingException',
    );
    await server.close();
  });
});

test('a rule of EventBridge is switched on and off by its name', async () => {
  const { server, asked } = await standIn({ body: {} }, { body: {} });
  const rule = eventRule({ session: sessionAt(server.url), name: 'minutes' });
  await rule.on();
  await rule.off();
  expect(asked).toMatchObject([
    { target: 'AWSEvents.EnableRule', body: { Name: 'minutes' } },
    { target: 'AWSEvents.DisableRule', body: { Name: 'minutes' } },
  ]);
  await server.close();
});
