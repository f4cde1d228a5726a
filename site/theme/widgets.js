// Starts a page's interactives when one comes near the window, or when the page is idle after the reader's first sign:
// their runtime is the heaviest thing the site ships, and most readers begin with the text. Until then, and where
// scripts do not run, the fallback shows.
(function () {
  const vendor = new URL("../vendor/widgets/", document.currentScript.src).href;

  function add(name, attributes) {
    return new Promise(function (resolve, reject) {
      const script = Object.assign(document.createElement("script"), { src: vendor + name, onload: resolve, onerror: reject });
      Object.entries(attributes || {}).forEach(([key, value]) => script.setAttribute(key, value));
      document.head.append(script);
    });
  }

  // The runtime is one file of named modules; some of them ask for fonts beside "their" address, so each is given one.
  function configure() {
    const modules = ["base", "controls", "html-manager", "html-manager/dist/libembed-amd"];
    const paths = { anywidget: vendor + "anywidget" };
    modules.forEach((name) => { paths["@jupyter-widgets/" + name] = vendor + name.split("/").pop(); });
    window.requirejs.config({ paths: paths, waitSeconds: 60 });
  }

  // The runtime asks MathJax 2 to typeset; the site has MathJax 3, on pages with formulas only.
  function bridgeMathJax() {
    if (window.MathJax && !window.MathJax.Hub) {
      window.MathJax.Hub = { Queue: (job) => job && job[2] && window.MathJax.typesetPromise([job[2]]) };
    }
  }

  let started = false;
  async function start() {
    if (started) return;
    started = true;
    bridgeMathJax();
    await add("require.js");
    configure();
    await add("embed-amd.js", { "data-jupyter-widgets-cdn": "blocked:" });
  }

  const SIGNS = ["scroll", "keydown", "pointerdown", "focusin"];
  const idle = window.requestIdleCallback || ((task) => setTimeout(task, 200));

  function watch() {
    const near = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && start(), { rootMargin: "600px" });
    document.querySelectorAll('script[type="application/vnd.jupyter.widget-view+json"]').forEach((view) => near.observe(view.parentElement));
    SIGNS.forEach((sign) => document.addEventListener(sign, () => idle(start, { timeout: 2000 }), { once: true, passive: true, capture: true }));
  }
  watch();
})();
