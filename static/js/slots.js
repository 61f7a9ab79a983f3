// Fills a template of the page: {name} in a text or an attribute becomes the value of that name, and what carries
// data-if="name" or data-if="!name" stays only if that is so. A name without a value stays as it is.
const SLOT = /\{(\w+)\}/g;

function put(text, values) {
  return text.replace(SLOT, (slot, name) => values[name] ?? slot);
}

function holds(condition, values) {
  return condition.startsWith("!") ? !values[condition.slice(1)] : Boolean(values[condition]);
}

/** A copy of the template's content with the values in their places. */
export function fill(template, values) {
  const part = template.content.cloneNode(true);
  for (const element of part.querySelectorAll("[data-if]")) if (!holds(element.dataset.if, values)) element.remove();
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) if (texts.currentNode.data.includes("{")) texts.currentNode.data = put(texts.currentNode.data, values);
  for (const element of part.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) if (value.includes("{")) element.setAttribute(name, put(value, values));
  }
  return part;
}
