using System.Diagnostics;
using System.Globalization;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress.Roles;

namespace PgEdgeUsers.Stress.Runs;

/// <summary>
/// Root edits and records events, while another account puts links to a victim in place of the sidecar files. The
/// victim keeps its content, owner and mode. The edits are made or refused.
/// </summary>
/// <remarks>
/// The other account is root, too, because some systems do not allow links to files that one may not write.
/// </remarks>
internal static class PlantingRun
{
    private const uint Owner = 12345;

    /// <summary>Contents of the victim, some of which could be taken for a lock or audit file.</summary>
    private static readonly string[] Victims = ["", "{\"time\":\"2026-01-01T00:00:00Z\"}\n",
        "root:$6$secret:19000:0:99999:7:::\n"];

    /// <param name="folder">An empty folder.</param>
    /// <param name="attempts">How many edits are made for each kind of link and each sidecar file.</param>
    public static RunReport Run(string folder, int attempts)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return new RunReport(true, "not run: needs root on Linux");
        var total = Stopwatch.StartNew();
        int made = 0, refused = 0, unrecorded = 0;
        foreach (var kind in Enum.GetValues<Planted>())
        {
            foreach (var sidecar in (Func<string, string>[])[SidecarPath.Lock, SidecarPath.Audit, SidecarPath.Sessions])
            {
                var race = new Race(folder, sidecar, kind, Victims[made % Victims.Length]);
                if (race.Run(attempts, ref made, ref refused, ref unrecorded) is { } harm)
                    return new RunReport(false, harm);
            }
        }

        return new RunReport(
            true,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{made + refused} edits by root beside planted links in {total.Elapsed.TotalSeconds:F0} s: "
                    + $"the victim untouched, {made} made, {refused} refused, {unrecorded} records refused"));
    }

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private sealed class Race
    {
        private readonly string _path;
        private readonly string _victim;
        private readonly string _sidecar;
        private readonly Planted _kind;
        private readonly string _content;
        private readonly FileStatus _before;

        public Race(string folder, Func<string, string> sidecar, Planted kind, string content)
        {
            var own = Directory.CreateDirectory(Path.Combine(folder, Path.GetRandomFileName())).FullName;
            _path = Path.Combine(own, "users.yaml");
            _victim = Path.Combine(own, "victim");
            _sidecar = sidecar(_path);
            (_kind, _content) = (kind, content);
            File.WriteAllText(_path, Sample.Text(3));
            File.WriteAllText(_victim, content);
            foreach (var file in new[] { _path, _victim })
                File.SetUnixFileMode(file, FileStatus.OwnerOnly);
            using (var file = FileSystem.Current.OpenForReading(_path))
                FileSystem.Current.GiveTo(file, _path, new FileOwner(Owner, Owner));
            File.SetLastWriteTimeUtc(_path, DateTime.UtcNow.AddMinutes(-1));
            _before = FileStatus.Of(_victim)!;
        }

        /// <returns>The damage; null if there was none.</returns>
        public string? Run(int attempts, ref int made, ref int refused, ref int unrecorded)
        {
            using var other = Child.Start("plant", _sidecar, _victim, _kind.ToString());
            other.Expect();
            var file = new UserFile(_path) { NoWait = true };
            for (var i = 0; i < attempts; i++)
            {
                var note = string.Create(CultureInfo.InvariantCulture, $"edit {i}");
                _ = Tried(() => file.Update([new UpdateUser(Sample.Name(1), a => a with { Annotation = note })]))
                    ? made++
                    : refused++;
                unrecorded += Tried(() => Record(file)) ? 0 : 1;
                unrecorded += Tried(() => new Core.Sessions.SessionStore(file).Read()) ? 0 : 1;
                var now = FileStatus.Of(_victim)!;
                if ((now.Owner, now.Mode, now.Size) != (_before.Owner, _before.Mode, _before.Size)
                    || SharedFile.ReadText(_victim) != _content)
                {
                    return $"{_kind} in place of '{_sidecar}', attempt {i}: the victim is now {now}";
                }

                if (File.Exists(_victim + ".new"))
                    return $"{_kind} in place of '{_sidecar}', attempt {i}: a file was created through the link";
            }

            return null;
        }

        private static int Record(UserFile file)
        {
            var log = AuditLog.For(file, asked: null)!;
            log.Append([AuditLog.Now(AuditEventKind.AnnotationSet, Sample.Name(1), success: true, "", file.Path)]);
            return log.Read().Count;
        }

        private static bool Tried<T>(Func<T> action)
        {
            try
            {
                _ = action();
                return true;
            }
            catch (PgEdgeUsersException)
            {
                return false;
            }
        }
    }
}
