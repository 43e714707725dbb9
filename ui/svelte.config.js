// Runes everywhere: a component written in the old way does not compile.
/** @type {import('@sveltejs/vite-plugin-svelte').SvelteConfig} */
export default { compilerOptions: { runes: true } };
