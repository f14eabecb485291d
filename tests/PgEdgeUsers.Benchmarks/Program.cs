using PgEdgeUsers.Benchmarks;

Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
return args switch
{
    ["timing"] => SignInTiming.Run(rounds: 31),
    ["timing", var rounds] => SignInTiming.Run(int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        Usage: dotnet run -c Release --project tests/PgEdgeUsers.Benchmarks -- <command>
          timing [rounds]   how long sign-ins take: refusals compared with one another, and with bare bcrypt; and validating a session
        """);
    return 2;
}
