using System.Text;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Document;

namespace PgEdgeUsers.Stress.Roles;

/// <summary>
/// Treats the user file as the server does: keeps all users in memory, writes all of them over the file in place at each
/// sign-in, and reads the file again 100 ms after the last change that it saw in its folder.
/// </summary>
internal sealed class SimulatedServer : IDisposable
{
    private static readonly TimeSpan ReloadDelay = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly FileSystemWatcher _watcher;
    private readonly Timer _reload;
    private readonly CancellationTokenSource _end = new();
    private Dictionary<string, UserAccount> _users = [];
    private string _text = "";
    private int _undo;
    private int _signIns;
    private int _reloads;
    private int _undone;

    private SimulatedServer(string path, int undo)
    {
        _path = path;
        _undo = undo;
        _reload = new Timer(_ => Reload());
        Reload();
        _watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!, Path.GetFileName(path));
        _watcher.Changed += (_, _) => Notice();
        _watcher.Created += (_, _) => Notice();
        _watcher.Renamed += (_, e) => Notice();
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>Serves until the input ends; then one more user signs in, so that what is not in the memory is lost for sure.</summary>
    /// <param name="path">The user file.</param>
    /// <param name="clients">How many sign in, each as another user.</param>
    /// <param name="pause">From one sign-in of a client to its next.</param>
    /// <param name="undo">How many foreign changes are met with a sign-in before they are read, the worst that can happen to them.</param>
    public static int Serve(string path, int clients, TimeSpan pause, int undo)
    {
        using var server = new SimulatedServer(path, undo);
        var tasks = Enumerable.Range(1, clients).Select(client => server.SignInAgainAndAgain(Sample.Name(client), pause)).ToArray();
        Console.WriteLine("ready");
        Console.In.ReadToEnd();
        server._end.Cancel();
        Task.WaitAll(tasks);
        server.SignIn(Sample.Name(1));
        Console.WriteLine($"{server._signIns} sign-ins, {server._reloads} reloads, {server._undone} changes undone");
        return 0;
    }

    public void Dispose()
    {
        _watcher.Dispose();
        _reload.Dispose();
        _end.Dispose();
    }

    private async Task SignInAgainAndAgain(string name, TimeSpan pause)
    {
        using var timer = new PeriodicTimer(pause);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
                SignIn(name);
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private void SignIn(string name)
    {
        lock (_gate)
        {
            _signIns++;
            if (_users.TryGetValue(name, out var account))
                _users[name] = account with { LastLogin = DateTime.UtcNow, FailedAttempts = 0 };
            _text = Sample.Text(_users.Values);
            using var file = new FileStream(_path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write(Encoding.UTF8.GetBytes(_text));
        }
    }

    private void Notice()
    {
        lock (_gate)
        {
            if (_undo > 0 && ReadFile() is { } text && text != _text)
            {
                _undo--;
                _undone++;
                SignIn(Sample.Name(1));
            }

            _reload.Change(ReloadDelay, Timeout.InfiniteTimeSpan);
        }
    }

    private void Reload()
    {
        lock (_gate)
        {
            if (ReadFile() is not { } text)
                return;
            try
            {
                _users = UserDocument.Parse(text).Entries.ToDictionary(e => e.Account.Name, e => e.Account);
                _text = text;
                _reloads++;
            }
            catch (DocumentException)
            {
                // The server keeps what it had when it cannot read the file.
            }
        }
    }

    private string? ReadFile()
    {
        try
        {
            return File.ReadAllText(_path);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
