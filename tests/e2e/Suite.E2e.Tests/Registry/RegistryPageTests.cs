using Microsoft.Playwright;
using Suite.Testing.Files;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using static Microsoft.Playwright.Assertions;

namespace Suite.E2e.Tests.Registry;

/// <summary>The web page as a person uses it, with keys as much as with the mouse.</summary>
public sealed class RegistryPageTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new(InstanceName.OfCaller());
    private RegistryProcess _registry = null!;
    private Browser _browser = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IPage Page => _browser.Page;

    public async ValueTask InitializeAsync()
    {
        Machine.Require(Need.Browser | Need.Executables);
        _registry = new RegistryProcess(_folder.FullName);
        await _registry.StartAsync(Cancellation);
        _browser = await Browser.StartAsync(InstanceName.OfCaller());
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _registry.DisposeAsync();
        _folder.Dispose();
    }

    private Task OpenAsync(string hash = "") => Page.GotoAsync($"http://{_registry.Host}/{hash}");

    private Task<(string Digest, int Size)> PushAsync(string repository, string? tag, string layer, string more = "") =>
        Pushes.PushImageAsync(_registry.Http, repository, tag, layer, Cancellation, more);

    [RootFact(Needs = Need.Executables | Need.Browser)]
    public async Task Search_narrows_the_list_as_one_types_and_keys_lead_to_an_image()
    {
        foreach (var name in new[] { "team/web", "team/worker", "tools/lint" })
            await PushAsync(name, "1.0", "layer");
        await OpenAsync();
        await Expect(Page.Locator("a.row")).ToHaveCountAsync(3);
        await Page.Keyboard.PressAsync("/");
        await Page.Keyboard.TypeAsync("team/w");
        await Expect(Page.Locator("a.row")).ToHaveCountAsync(2);
        await Expect(Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("2 repositories");
        await Page.Keyboard.TypeAsync("o");
        await Expect(Page.Locator("a.row")).ToHaveCountAsync(1);
        await Page.Keyboard.PressAsync("ArrowDown");
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "team/worker" })).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("team/worker");
        await Page.GetByRole(AriaRole.Link, new() { Name = "1.0" }).PressAsync("Enter");
        await Expect(Page.GetByRole(AriaRole.Region, new() { Name = "Layers" })).ToBeVisibleAsync();
        await Page.GoBackAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("team/worker");
    }

    [RootFact(Needs = Need.Executables | Need.Browser)]
    public async Task A_manifest_shows_layers_history_referrers_and_how_to_pull_it()
    {
        var (digest, size) = await PushAsync("app", "v1", "program");
        await PushAsync("app", null, "signature", $$""","artifactType":"application/x.signature","subject":{"mediaType":"{{Pushes.ManifestType}}","digest":"{{digest}}","size":{{size}}}""");
        await OpenAsync("#/r/app:v1");
        var layers = Page.GetByRole(AriaRole.Region, new() { Name = "Layers" });
        await Expect(layers).ToContainTextAsync(Pushes.DigestOf("program"u8.ToArray())[..19]);
        await Expect(layers).ToContainTextAsync("7 B");
        await Expect(Page.GetByRole(AriaRole.Region, new() { Name = "History" })).ToContainTextAsync("COPY program /bin");
        await Expect(Page.GetByRole(AriaRole.Region, new() { Name = "Configuration" })).ToContainTextAsync("/bin/program");
        await Expect(Page.GetByRole(AriaRole.Region, new() { Name = "Referrers" })).ToContainTextAsync("application/x.signature");

        await PushAsync("bare", "v1", "program", ""","annotations":{"org.opencontainers.image.base.name":""}""");
        await OpenAsync("#/r/bare:v1");
        await Expect(layers).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Annotations" })).ToHaveCountAsync(0);
        await OpenAsync("#/r/app:v1");
        await Expect(Page.GetByRole(AriaRole.Region, new() { Name = "Referrers" })).ToContainTextAsync("application/x.signature");

        await Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var command = $"suite pull {_registry.Host}/app:v1";
        await Page.GetByRole(AriaRole.Button, new() { Name = $"Copy: {command}" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Copied to the clipboard");
        Assert.Equal(command, await Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }

    [RootFact(Needs = Need.Executables | Need.Browser)]
    public async Task Deleting_asks_first_and_only_a_yes_deletes()
    {
        await PushAsync("app", "old", "one");
        await PushAsync("app", "new", "two");
        await OpenAsync("#/r/app");
        var delete = Page.GetByRole(AriaRole.Button, new() { Name = "Delete tag old" });
        var dialog = Page.GetByRole(AriaRole.Dialog, new() { Name = "Delete this tag?" });
        await delete.ClickAsync();
        await Expect(dialog).ToContainTextAsync("app:old");
        await Page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(delete).ToBeFocusedAsync();
        await delete.PressAsync("Enter");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        Assert.Equal(2, await Page.Locator("tbody tr").CountAsync());

        await delete.ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Deleted tag old");
        using var gone = await _registry.Http.GetAsync("/v2/app/manifests/old", Cancellation);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, gone.StatusCode);
    }

    [RootFact(Needs = Need.Executables | Need.Browser)]
    public async Task Nothing_that_is_stored_becomes_markup()
    {
        const string Hostile = "<img src=x onerror='window.taken=1'>";
        await PushAsync("app", "v1", "one", $$""","annotations":{"org.opencontainers.image.description":"{{Hostile}}","{{Hostile}}":"{{Hostile}}"}""");
        await OpenAsync();
        await Expect(Page.Locator("a.row")).ToContainTextAsync(Hostile);
        await OpenAsync("#/r/app:v1");
        await Expect(Page.GetByRole(AriaRole.Region, new() { Name = "Annotations" })).ToContainTextAsync(Hostile);
        await OpenAsync("#/r/" + Hostile);
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        Assert.False(await Page.EvaluateAsync<bool>("'taken' in window"));
        Assert.Equal(0, await Page.Locator("img").CountAsync());
    }
}
