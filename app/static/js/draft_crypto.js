// Seals what is kept on the phone: AES-GCM under a key made from the PIN, bound to what it is about (person, form, year).
export const ROUNDS = 600000;
const text = new TextEncoder();

export async function keyFrom(pin, salt, iterations = ROUNDS) {
  const raw = await crypto.subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

const manner = (iv, about) => ({ name: "AES-GCM", iv, additionalData: text.encode(about) });

export async function seal(key, about, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = text.encode(JSON.stringify(value));
  return { iv, data: await crypto.subtle.encrypt(manner(iv, about), key, data) };
}

// Throws when the key is another one, or when what was sealed belongs somewhere else.
export async function unseal(key, about, { iv, data }) {
  const plain = await crypto.subtle.decrypt(manner(iv, about), key, data);
  return JSON.parse(new TextDecoder().decode(plain));
}
