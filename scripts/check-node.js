/**
 * Loaded before a script by `node --import`: an older Node cannot read TypeScript and would say so less plainly. Plain
 * JavaScript, since every Node must be able to run it.
 */
const NEEDED = [22, 18];

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  console.error(`Rekey's scripts need Node ${NEEDED.join('.')} or newer; this is ${process.version}.`);
  console.error('`npm ci` brings a Node of its own, which `npm run` uses. Run it again, without --ignore-scripts.');
  process.exit(1);
}
