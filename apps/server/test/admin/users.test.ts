import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { answered, openStage, type Stage } from './stage.ts';

const ada = { email: 'Ada@Example.com', name: 'Ada', role: 'owner' };
const made = (stage: Stage, changes: object = {}) => answered(201, stage.api('POST', '/users', { ...ada, ...changes }));
const users = async (stage: Stage) => (await answered(200, stage.api('GET', '/users'))).users;

onEachEngine('users over /api', (open) => {
  it('are made, changed and deleted, one of an address within the supplier', async () => {
    const stage = await openStage(await open());
    const owner = await made(stage);
    expect(owner).toMatchObject(ada);
    stage.clock.now += 1;
    const other = await made(stage, { email: 'bo@example.com', role: 'viewer' });
    expect(await users(stage)).toEqual([owner, other]);
    const again = await answered(422, stage.api('POST', '/users', { ...ada, email: 'ADA@example.COM' }));
    expect(again.message).toContain('email');
    const changed = await answered(200, stage.api('PATCH', `/users/${other.id}`, { role: 'operator' }));
    expect(changed).toEqual({ ...other, role: 'operator' });
    await answered(200, stage.api('DELETE', `/users/${other.id}`));
    await answered(404, stage.api('DELETE', `/users/${other.id}`));
    await answered(404, stage.api('PATCH', `/users/${other.id}`, { name: 'Bo' }));
    expect(await users(stage)).toEqual([owner]);
    await made(stage, { email: 'bo@example.com' });
  });

  it('keep one owner, also when all of them are ended at once', async () => {
    const stage = await openStage(await open());
    const owners = await Promise.all(
      Array.from({ length: 8 }, (_, index) => made(stage, { email: `${index}@a.example` })),
    );
    const ended = await Promise.all(
      owners.map(({ id }, index) =>
        index % 2 === 0 ? stage.api('DELETE', `/users/${id}`) : stage.api('PATCH', `/users/${id}`, { role: 'viewer' }),
      ),
    );
    expect(ended.map(({ status }) => status).sort()).toEqual([...Array(7).fill(200), 422]);
    const left = (await users(stage)).filter(({ role }: { role: string }) => role === 'owner');
    expect(left).toHaveLength(1);
    for (const [method, body] of [
      ['DELETE', undefined],
      ['PATCH', { role: 'operator' }],
    ] as const) {
      const { message } = await answered(422, stage.api(method, `/users/${left[0].id}`, body));
      expect(message).toContain('last owner');
    }
    await answered(200, stage.api('PATCH', `/users/${left[0].id}`, { name: 'Ada L.', role: 'owner' }));
  });

  it.each([
    [{ email: 'nobody' }, 'email'],
    [{ name: '' }, 'name'],
    [{ role: 'king' }, 'role'],
    [{ password: 'x' }, 'password'],
  ])('are refused with %j, naming the field', async (changes, field) => {
    const stage = await openStage(await open());
    expect((await answered(400, stage.api('POST', '/users', { ...ada, ...changes }))).message).toContain(field);
    expect(await users(stage)).toEqual([]);
  });
});

onEachEngine('tokens over /api', (open) => {
  it('are shown once, listed without themselves, and let nobody in once they are revoked', async () => {
    const stage = await openStage(await open());
    const { token, ...listed } = await answered(201, stage.api('POST', '/tokens', { name: 'CRM', role: 'viewer' }));
    expect(listed).toMatchObject({ name: 'CRM', role: 'viewer', userId: null });
    const all = await answered(200, stage.api('GET', '/tokens'));
    expect(all.tokens).toContainEqual(listed);
    expect(JSON.stringify(all)).not.toContain(token);
    await answered(200, stage.apiAs(token)('GET', '/products'));
    await answered(200, stage.api('DELETE', `/tokens/${listed.id}`));
    await answered(401, stage.apiAs(token)('GET', '/products'));
    await answered(404, stage.api('DELETE', `/tokens/${listed.id}`));
  });

  it('of a user may do no more than the user does now, and end with it', async () => {
    const stage = await openStage(await open());
    await made(stage);
    const { id: userId } = await made(stage, { email: 'bo@example.com', role: 'operator' });
    const asked = { name: 'Bo', userId };
    const refused = await answered(422, stage.api('POST', '/tokens', { ...asked, role: 'owner' }));
    expect(refused.message).toContain('role');
    const { token } = await answered(201, stage.api('POST', '/tokens', { ...asked, role: 'operator' }));
    const bo = stage.apiAs(token);
    const path = `/products/${stage.sample.products.cruise.productId}`;
    await answered(200, bo('PATCH', path, { internalName: 'By Bo' }));
    await answered(200, stage.api('PATCH', `/users/${userId}`, { role: 'viewer' }));
    await answered(403, bo('PATCH', path, { internalName: 'By Bo' }));
    await answered(200, stage.api('PATCH', `/users/${userId}`, { role: 'owner' }));
    await answered(403, bo('GET', '/users'));
    await answered(200, stage.api('DELETE', `/users/${userId}`));
    await answered(401, bo('GET', path));
    await answered(422, stage.api('POST', '/tokens', { ...asked, role: 'viewer' }));
  });

  it('of a supplier neither see nor replace that of the instance', async () => {
    const db = await open();
    const stage = await openStage(db);
    const { supplierId } = stage.sample;
    await db.run(`update admin_tokens set supplier_id = $1 where name = 'test' and instance = 1`, [supplierId]);
    const listed = (await answered(200, stage.api('GET', '/tokens'))).tokens;
    expect(listed).toHaveLength(1);
    const [ofInstance] = await db.all<{ id: string }>('select id from admin_tokens where instance = 1');
    await answered(404, stage.api('DELETE', `/tokens/${ofInstance?.id}`));
    await answered(201, stage.api('POST', '/tokens', { name: 'test', role: 'owner' }));
    await answered(200, stage.instance('GET', '/suppliers'));
  });

  it('are made by the token of the instance with a role, and in place of none', async () => {
    const stage = await openStage(await open());
    const path = `/suppliers/${stage.sample.supplierId}/tokens`;
    const make = (body: object) => stage.instance('POST', path, body);
    const { token: first } = await answered(201, make({ name: 'test', role: 'viewer' }));
    const { token: second } = await answered(201, make({ name: 'test', role: 'operator' }));
    for (const token of [first, second]) await answered(200, stage.apiAs(token)('GET', '/products'));
    await answered(403, stage.apiAs(first)('POST', '/connections', { name: 'x', kind: 'website', emails: false }));
    await answered(200, stage.api('GET', '/products'));
    expect((await answered(400, make({ name: 'test' }))).message).toContain('role');
    expect((await answered(400, make({ name: 'a\nb', role: 'viewer' }))).message).toContain('name');
    await answered(422, make({ name: 'test', role: 'viewer', userId: 'nobody' }));
    await answered(403, stage.api('POST', path, { name: 'test', role: 'viewer' }));
  });

  it('that the token of a user makes are of a user, and say who made them', async () => {
    const stage = await openStage(await open());
    const { id: userId } = await made(stage);
    const { id: other } = await made(stage, { email: 'bo@example.com', role: 'viewer' });
    const asked = { name: 'Ada', role: 'owner' };
    const ours = await answered(201, stage.api('POST', '/tokens', { ...asked, userId }));
    expect(ours).toMatchObject({ userId, createdBy: { tokenId: expect.any(String), userId: null } });
    const ada = stage.apiAs(ours.token);
    const { token, ...listed } = await answered(201, ada('POST', '/tokens', asked));
    expect(listed).toMatchObject({ userId, createdBy: { tokenId: ours.id, userId } });
    expect((await answered(200, ada('GET', '/tokens'))).tokens).toContainEqual(listed);
    const ofOther = await answered(201, ada('POST', '/tokens', { ...asked, role: 'viewer', userId: other }));
    expect(ofOther).toMatchObject({ userId: other, createdBy: { tokenId: ours.id, userId } });
    await answered(403, ada('POST', `/suppliers/${stage.sample.supplierId}/tokens`, asked));
    await made(stage, { email: 'cy@example.com' });
    await answered(200, stage.api('DELETE', `/users/${userId}`));
    await answered(401, stage.apiAs(token)('GET', '/products'));
  });
});
