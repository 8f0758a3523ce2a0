-- The settings of the Neovim in `scripts/neovim-session.sh`: those of docs/editors.md for old versions, and two keys.
vim.o.completeopt = "menuone"
vim.o.swapfile = false
vim.api.nvim_create_autocmd("FileType", {
  pattern = "cucumber",
  callback = function()
    local client = vim.lsp.start_client({
      name = "bdd",
      cmd = { vim.env.BDD, "lsp", "--stdio" },
      root_dir = vim.fn.getcwd(),
      -- Neovim's own support for the file type has set its functions before.
      on_attach = function(_, buffer)
        vim.bo[buffer].omnifunc = "v:lua.vim.lsp.omnifunc"
        vim.keymap.set("n", "gd", vim.lsp.buf.definition, { buffer = buffer })
        vim.keymap.set("n", "K", vim.lsp.buf.hover, { buffer = buffer })
      end,
    })
    vim.lsp.buf_attach_client(0, client)
  end,
})
vim.cmd("filetype plugin on")
