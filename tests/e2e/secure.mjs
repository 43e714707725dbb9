// A server with a certificate of its own in front of another that has none, as companies run them inside their walls.
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';

/** Hands every request on to `target`, over a line that it encrypts with a certificate nobody vouches for. */
export class SelfSigned {
  #server;

  static async start(place, target) {
    const proxy = new SelfSigned();
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(place.folder, name));
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const named = ['-subj', '/CN=Odoo in the cellar', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert];
    execFileSync('openssl', [...made, ...named], { stdio: 'ignore', timeout: 20_000 });
    const files = { key: readFileSync(key), cert: readFileSync(cert) };
    /** SHA-256, in pairs with colons between. */
    proxy.fingerprint = new X509Certificate(files.cert).fingerprint256;
    proxy.#server = createServer(files, (asked, answer) => handOn(asked, answer, new URL(target)));
    await new Promise((resolve, reject) => proxy.#server.once('error', reject).listen(0, '127.0.0.1', resolve));
    proxy.url = `https://127.0.0.1:${proxy.#server.address().port}`;
    return proxy;
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }
}

function handOn(asked, answer, target) {
  const options = { host: target.hostname, port: target.port, path: asked.url, method: asked.method, headers: asked.headers };
  const further = request(options, (given) => {
    answer.writeHead(given.statusCode, given.headers);
    given.pipe(answer);
  });
  further.once('error', () => answer.destroy());
  asked.pipe(further);
}
