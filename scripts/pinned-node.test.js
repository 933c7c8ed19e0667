import { expect, test } from 'vitest';
import { betterNode, serverEnv } from './pinned-node.js';

test.each(
  /** @type {const} */ ([
    ['24.21.0', '20.1.0', 'pinned'],
    ['24.21.0', '26.0.0', 'pinned'],
    ['24.0.0', '20.1.0', 'pinned'],
    ['24.0.0', '24.2.0', 'current'],
    ['24.0.0', '26.0.0', 'current'],
    [undefined, '24.0.0', 'current'],
    [undefined, '23.9.0', undefined],
  ]),
)("of npm's Node %s and the current %s the better one is: %s", (pinned, current, better) => {
  expect(betterNode(pinned, current)).toBe(better);
});

test('a server has threads for names that are slow to be looked up, or as many as it is told', () => {
  expect(serverEnv({ A: '1' })).toEqual({ A: '1', UV_THREADPOOL_SIZE: '16' });
  expect(serverEnv({ UV_THREADPOOL_SIZE: '32' })).toEqual({ UV_THREADPOOL_SIZE: '32' });
});
