const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
