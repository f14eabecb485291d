using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace PgEdgeUsers.Tests.Harness;

/// <summary>What holds for the whole test process, and where its files are.</summary>
internal static class TestProcess
{
    /// <summary>The folder of the staged module.</summary>
    public static string Module { get; } = typeof(TestProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "StagedModule").Value!.TrimEnd('/', '\\');

    /// <summary>Another module's YamlDotNet, of a version that is not ours.</summary>
    public static string OtherYamlDotNet { get; } = Path.Combine(AppContext.BaseDirectory, "other-module", "YamlDotNet.dll");

    /// <summary>
    /// Before the engine is loaded: it is not to report imports to its makers. And no setting of this machine is to change what
    /// is tested; the processes that the tests start get settings of their own.
    /// </summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The engine reads its settings once, when it is loaded.")]
    internal static void Initialize()
    {
        var isChild = Assembly.GetEntryAssembly() == typeof(TestProcess).Assembly;
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
        {
            if (!isChild && name.StartsWith("PGEDGE_", StringComparison.OrdinalIgnoreCase))
                Environment.SetEnvironmentVariable(name, null);
        }

        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        if (!isChild)
            SetTimeZone();
    }

    /// <summary>Of all machines the same, where the system lets a process choose; never that of UTC, and without hours that come twice.</summary>
    private static void SetTimeZone()
    {
        Environment.SetEnvironmentVariable("TZ", "America/Bogota");
        TimeZoneInfo.ClearCachedData();
    }
}
