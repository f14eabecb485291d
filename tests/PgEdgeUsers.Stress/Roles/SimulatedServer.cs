using System.Text;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Stress.Roles;

/// <summary>
/// Treats the user file as the server does, including its faults. It keeps all users in memory. It compares a password
/// while it holds the lock of the memory, then writes all users to the file in place without that lock. It reloads the
/// file 100 ms after the last change in its folder, but waits for a comparison to end before it replaces the users in
/// memory. What it writes then can therefore be older than the file that it has read.
/// </summary>
internal sealed class SimulatedServer : IDisposable
{
    private static readonly TimeSpan ReloadDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Comparison = TimeSpan.FromMilliseconds(240);

    private readonly Lock _memory = new();
    private readonly Lock _file = new();
    private readonly string _path;
    private readonly FileSystemWatcher _watcher;
    private readonly Timer _reload;
    private readonly ManualResetEventSlim _end = new();
    private Dictionary<string, UserAccount> _users = [];
    private string _text = "";
    private int _undo;
    private int _signIns;
    private int _reloads;
    private int _undone;
    private int _emptied;

    private SimulatedServer(string path, int undo)
    {
        _path = path;
        _undo = undo;
        _reload = new Timer(_ => Reload());
        Reload();
        _watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!, Path.GetFileName(path));
        _watcher.Changed += (_, _) => Notice();
        _watcher.Created += (_, _) => Notice();
        _watcher.Renamed += (_, _) => Notice();
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>
    /// Serves until the input ends. Then one more user signs in, so that everything that is not in memory is lost.
    /// </summary>
    /// <param name="path">The user file.</param>
    /// <param name="clients">How many clients sign in, each as a different user.</param>
    /// <param name="pause">From the end of a client's sign-in to its next.</param>
    /// <param name="undo">
    /// How many changes of others are overwritten before they are read, which is the worst case.
    /// </param>
    public static int Serve(string path, int clients, TimeSpan pause, int undo)
    {
        using var server = new SimulatedServer(path, undo);
        var threads = Enumerable.Range(1, clients)
            .Select(client => new Thread(() => server.SignInAgainAndAgain(Sample.Name(client), pause))).ToArray();
        foreach (var thread in threads)
            thread.Start();
        Console.WriteLine("ready");
        Console.In.ReadToEnd();
        server._end.Set();
        foreach (var thread in threads)
            thread.Join();
        server.SignIn(Sample.Name(1));
        Console.WriteLine(
            $"{server._signIns} sign-ins, {server._reloads} reloads, {server._undone} changes undone, "
                + $"{server._emptied} users written without fields");
        return 0;
    }

    public void Dispose()
    {
        _watcher.Dispose();
        _reload.Dispose();
        _end.Dispose();
    }

    private void SignInAgainAndAgain(string name, TimeSpan pause)
    {
        while (!_end.Wait(pause))
            SignIn(name);
    }

    private void SignIn(string name)
    {
        lock (_memory)
        {
            Thread.Sleep(Comparison);
            _signIns++;
            Record(name);
        }

        Save();
    }

    private void Record(string name)
    {
        if (_users.TryGetValue(name, out var account))
            _users[name] = account with { LastLogin = DateTime.UtcNow, FailedAttempts = 0 };
    }

    private void Save()
    {
        lock (_file)
        {
            // Without a lock, these can be names from before a reload and users from after it.
            var names = _users.Keys.ToArray();
            var users = names.Select(name => _users.GetValueOrDefault(name) ?? Emptied(name)).ToArray();
            _text = Sample.Text(users);
            using var file = SharedFile.OpenToRewrite(_path);
            file.Write(Encoding.UTF8.GetBytes(_text));
        }
    }

    private UserAccount Emptied(string name)
    {
        _emptied++;
        return new UserAccount(name);
    }

    private void Notice()
    {
        if (_undo > 0 && ReadFile() is { } text && text != _text)
        {
            _undo--;
            _undone++;
            Record(Sample.Name(1));
            Save();
        }

        _reload.Change(ReloadDelay, Timeout.InfiniteTimeSpan);
    }

    private void Reload()
    {
        if (ReadFile() is not { } text)
            return;
        try
        {
            var users = UserDocument.Parse(text).Entries.ToDictionary(e => e.Account.Name, e => e.Account);
            lock (_memory)
            {
                _users = users;
                _text = text;
                _reloads++;
            }
        }
        catch (DocumentException)
        {
            // The server keeps its users if it cannot read the file.
        }
    }

    private string? ReadFile()
    {
        // Not during its own save. The server does not prevent that, but it is faster than this simulation.
        lock (_file)
        {
            try
            {
                return SharedFile.ReadText(_path);
            }
            catch (Exception e) when (StorageException.IsOfSystem(e))
            {
                return null;
            }
        }
    }
}
