using Microsoft.Playwright;
using Suite.Testing.Files;

namespace Suite.E2e.Tests.Registry;

/// <summary>Debian's chromium without a window, with a profile of its own, and one page in it that fails a test on any error in its console.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly TempFolder _profile;
    private readonly IPlaywright _playwright;
    private readonly IBrowserContext _context;
    private readonly List<string> _errors = [];

    private Browser(TempFolder profile, IPlaywright playwright, IBrowserContext context)
    {
        (_profile, _playwright, _context) = (profile, playwright, context);
        Page = context.Pages[0];
        Page.SetDefaultTimeout(15_000);
        Page.PageError += (_, error) => _errors.Add(error);
        // A refused or missing thing is logged by the browser whatever the page makes of it.
        Page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                _errors.Add(message.Text);
        };
    }

    public IPage Page { get; }

    public static async Task<Browser> StartAsync(string instance)
    {
        var profile = new TempFolder(instance);
        var playwright = await Playwright.CreateAsync();
        var context = await playwright.Chromium.LaunchPersistentContextAsync(profile.FullName, new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Headless = true,
            ReducedMotion = ReducedMotion.Reduce,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
        return new Browser(profile, playwright, context);
    }

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        _playwright.Dispose();
        _profile.Dispose();
        Assert.Empty(_errors);
    }
}
