import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATCH_ALL, type Route, resourceOf, routes } from '../../../../functions/http/routes.ts';
import { resourceTree } from '../../../../infra/local/gateway/resource-tree.ts';

const find = resourceTree(routes, 'catalog');
const everyRoute: readonly Route[] = routes;

describe('the resource tree', () => {
  test.each(everyRoute)('finds $method $path', ({ method, path, function: name, scope }) => {
    const sent = path.replaceAll(/\{(\w+)\}/g, 'a%2Fb');
    const names = [...resourceOf(path).matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter ?? '');
    const verb = /:\w+$/.exec(path)?.[0] ?? '';
    const values = names.map((parameter, i) => [parameter, i === names.length - 1 ? `a%2Fb${verb}` : 'a%2Fb']);
    expect(find(method, sent)).toEqual({
      resource: resourceOf(path),
      function: name,
      scope,
      parameters: names.length === 0 ? null : Object.fromEntries(values),
    });
  });

  test.each([
    ['GET', '/nowhere', 'nowhere'],
    ['PUT', '/v2/models/a', 'v2/models/a'],
    ['POST', '/', ''],
    ['GET', '/v2/models/a/bogus', 'v2/models/a/bogus'],
    ['GET', '/v1/models/a//card', 'v1/models/a//card'],
    ['GET', '//', '/'],
    ['GET', '/v2//', 'v2//'],
    ['GET', '/V2', 'V2'],
    ['GET', '/v1/%6dodels', 'v1/%6dodels'],
    ['GET', '/v2/models/../../v1/keys', 'v2/models/../../v1/keys'],
  ])('gives %s %s to the fallback', (method, path, proxy) => {
    expect(find(method, path)).toEqual({
      resource: CATCH_ALL,
      function: 'catalog',
      scope: undefined,
      parameters: { proxy },
    });
  });

  test('takes a slash at the end for none', () => {
    expect(find('GET', '/v2/models/a/ready/')).toEqual(find('GET', '/v2/models/a/ready'));
    expect(find('GET', '/v2/')).toEqual(find('GET', '/v2'));
  });

  test('prefers a literal to a parameter, and that to a greedy one', () => {
    const tree = resourceTree(
      [
        { method: 'GET', path: '/a/{proxy+}', function: 'catalog', scope: 'open' },
        { method: 'GET', path: '/a/{b}', function: 'predict', scope: 'predict' },
        { method: 'GET', path: '/a/c', function: 'control', scope: 'admin' },
      ],
      'catalog',
    );
    expect(tree('GET', '/a/c').resource).toBe('/a/c');
    expect(tree('GET', '/a/d')).toMatchObject({ resource: '/a/{b}', parameters: { b: 'd' } });
    expect(tree('GET', '/a/d/e')).toMatchObject({
      resource: '/a/{proxy+}',
      parameters: { proxy: 'd/e' },
      scope: 'open',
    });
    expect(tree('GET', '/a').resource).toBe(CATCH_ALL);
    expect(tree('POST', '/a/d/e').resource).toBe(CATCH_ALL);
  });

  test('refuses one method of one resource with two functions', () => {
    const both = ['predict', 'control'] as const;
    const doubled = both.map((name) => ({ method: 'GET', path: '/a', function: name, scope: 'open' }) as const);
    expect(() => resourceTree(doubled, 'catalog')).toThrow(/GET \/a has one function/);
  });

  test('answers any path', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('/', 'v2', 'models', '.', '%', ':', '{', 'a') }), (path) => {
        expect(find('GET', `/${path}`).resource).toMatch(/^\//);
      }),
    );
  });
});
