using PgEdgeUsers.Benchmarks;

Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
return args switch
{
    ["timing"] => SignInTiming.Run(rounds: 31),
    ["timing", var rounds] => SignInTiming.Run(int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture)),
    ["cmdlets"] => CmdletTimes.Run([10, 1_000, 10_000, 100_000]),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        Usage: dotnet run -c Release --project tests/PgEdgeUsers.Benchmarks -- <command>
          timing [rounds]   how long sign-ins take: refusals compared with one another, and with bare bcrypt; and validating a session
          cmdlets           what listing, getting and editing cost at 10 to 100,000 users, beside a bare pass of the YAML parser
        """);
    return 2;
}
