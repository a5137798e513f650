/**
 * As much of Cloudflare's API, on loopback, as wrangler asks for in a deployment: an account with databases, queues, a Worker
 * and its secrets. Anything else answers 404, so a call that is not known here fails.
 */
import { startStubServer } from '../unit/stub-server.ts';

const ACCOUNT = { id: 'c'.repeat(32), name: 'Ada' };

type Upload = {
  bindings: { type: string; name: string; [more: string]: unknown }[];
  keep_bindings?: string[];
  exports?: Record<string, unknown>;
};
type Worker = { secrets: Record<string, string>; upload: Upload | null; schedules: string[] };
type Queue = { queue_id: string; queue_name: string; consumers: { script: string; dead_letter_queue?: string }[] };

export const startCloudflareApi = async () => {
  const server = await startStubServer();
  const databases: { uuid: string; name: string; statements: string[] }[] = [];
  const queues: Queue[] = [];
  const workers: Record<string, Worker> = {};
  const unknown: string[] = [];

  const answer = async (method: string, url: URL, body: string, type: string): Promise<unknown> => {
    const path = url.pathname.replace(`/accounts/${ACCOUNT.id}`, '');
    const [, name = ''] = /^\/workers\/(?:scripts|services|workers)\/([\w-]+)/.exec(path) ?? [];
    const call = `${method} ${path.replace(name || ' ', 'NAME')}`;
    const read = () => JSON.parse(body);
    const worker = () => workers[name] ?? NO_WORKER;
    const [, queueId] = /^\/queues\/(\w+)\/consumers$/.exec(path) ?? [];
    const database = databases.find(({ uuid }) => path === `/d1/database/${uuid}/query`);
    if (database) return runStatements(database.statements, read().sql);
    if (queueId) {
      const { script_name: script, dead_letter_queue } = read();
      queues.find(one => one.queue_id === queueId)?.consumers.push({ script, dead_letter_queue });
      return {};
    }
    switch (call) {
      case 'GET /user/tokens/verify':
        return { status: 'active' };
      case 'GET /user':
        return { email: 'ada@example.com' };
      case 'GET /accounts':
        return [ACCOUNT];
      case 'GET /memberships':
        return [{ account: ACCOUNT }];
      case 'GET /d1/database':
        return databases.map(({ uuid, name: named }) => ({ uuid, name: named, version: 'production' }));
      case 'POST /d1/database': {
        const made = { uuid: '77777777-2222-4333-8444-555555555555', name: read().name, statements: [] };
        databases.push(made);
        return made;
      }
      case 'GET /queues':
        return queues
          .filter(({ queue_name }) => [null, queue_name].includes(url.searchParams.get('name')))
          .map(queue => ({
            ...queue,
            producers: [],
            producers_total_count: 0,
            consumers_total_count: queue.consumers.length,
          }));
      case 'POST /queues':
        queues.push({ queue_id: `q${queues.length}`, queue_name: read().queue_name, consumers: [] });
        return {};
      case 'GET /workers/scripts/NAME/secrets':
        return typeof worker() === 'symbol'
          ? NO_WORKER
          : Object.keys(workers[name]?.secrets ?? {}).map(one => ({ name: one, type: 'secret_text' }));
      case 'PATCH /workers/scripts/NAME/secrets-bulk': {
        const found = workers[name];
        if (!found) return NO_WORKER;
        const given = read().secrets as Record<string, { text: string }>;
        for (const [key, { text }] of Object.entries(given)) found.secrets[key] = text;
        return [];
      }
      case 'PUT /workers/scripts/NAME': {
        const form = await new Response(body, { headers: { 'Content-Type': type } }).formData();
        const upload = JSON.parse(String(form.get('metadata'))) as Upload;
        const { secrets = {} } = workers[name] ?? {};
        const areKept = upload.keep_bindings?.includes('secret_text');
        workers[name] = { secrets: areKept ? secrets : {}, upload, schedules: [] };
        return { id: name, etag: 'e', deployment_id: '0123456789abcdef0123456789abcdef', startup_time_ms: 5 };
      }
      case 'GET /workers/services/NAME': {
        const script = { tag: 't', tags: [], last_deployed_from: 'wrangler' };
        return workers[name] ? { default_environment: { environment: 'production', script } } : NO_WORKER;
      }
      case 'GET /workers/scripts/NAME/deployments':
        return workers[name] ? { deployments: [] } : NO_WORKER;
      case 'GET /workers/scripts/NAME/settings':
        return workers[name] ? { bindings: [] } : NO_WORKER;
      case 'POST /workers/scripts/NAME/assets-upload-session':
        return { jwt: 'jwt', buckets: [] };
      case 'PATCH /workers/scripts/NAME/script-settings':
        return read();
      case 'GET /workers/subdomain':
        return { subdomain: 'ada' };
      case 'GET /workers/workers/NAME':
        return { subdomain: { enabled: false, previews_enabled: false } };
      case 'POST /workers/scripts/NAME/subdomain':
        return { enabled: true, previews_enabled: true };
      case 'PUT /workers/scripts/NAME/schedules': {
        const found = workers[name];
        if (found) found.schedules = read().map(({ cron }: { cron: string }) => cron);
        return { schedules: read() };
      }
    }
    unknown.push(call);
    return NOTHING;
  };

  server.answerWith(async (response, { method, path, body, headers }) => {
    const result = await answer(method, new URL(path, server.url), body, headers['content-type'] ?? '');
    const isGood = typeof result !== 'symbol';
    const errors = isGood ? [] : [{ code: result === NO_WORKER ? 10007 : 7003, message: String(result) }];
    response.writeHead(isGood ? 200 : 404, { 'Content-Type': 'application/json' });
    const result_info = { page: 1, per_page: 100, total_pages: 1 };
    response.end(
      JSON.stringify({ success: isGood, errors, messages: [], result: isGood ? result : null, result_info }),
    );
  });
  return { url: server.url, account: ACCOUNT, databases, queues, workers, unknown, close: server.close };
};

const NO_WORKER = Symbol('This Worker does not exist on your account.');
const NOTHING = Symbol('There is nothing here.');

/** Only wrangler's own list of migrations is kept; what they do is for the tests of the store. */
const runStatements = (statements: string[], sql: string) => {
  statements.push(sql);
  const applied = statements.flatMap(one => /values \('([^']+\.sql)'\)/.exec(one)?.[1] ?? []);
  const results = /^SELECT \*\s+FROM "d1_migrations"/.test(sql) ? applied.map((name, id) => ({ id, name })) : [];
  return [{ results, success: true, meta: { duration: 1 } }];
};
