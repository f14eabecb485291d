using PgEdgeUsers.Benchmarks;

Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
Engine.LoadModule();
return args switch
{
    ["document", .. var rest] => DocumentBenchmarks.Run(rest),
    ["timing"] => SignInTiming.Run(rounds: 31, users: 1_000),
    ["timing", var rounds, var users] => SignInTiming.Run(Number(rounds), Number(users)),
    ["cmdlets"] => CmdletTimes.Run([10, 1_000, 10_000, 100_000]),
    ["cmdlets", .. var sizes] => CmdletTimes.Run([.. sizes.Select(Number)]),
    ["startup"] => StartupTimes.Run(rounds: 15, [10, 1_000, 10_000, 100_000]),
    ["hashing"] => HashingRate.Run(rounds: 5),
    _ => Usage(),
};

static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine("""
        Usage: dotnet run -c Release --project tests/PgEdgeUsers.Benchmarks -- <command>
          document [options]
                            reading and editing the text of 10,000 and 100,000 users, with memory; options of
                            BenchmarkDotNet
          timing [rounds users]
                            how long sign-ins take: refusals compared with one another and with bare bcrypt; and
                            validating a session
          cmdlets [users ...]
                            how long listing, getting, editing, adding and signing in take, by default at 10 to
                            100,000 users, compared with a bare pass of the YAML parser and with bare bcrypt
          startup           how much importing the module and a first list add to the start of pwsh, which must be on
                            the PATH
          hashing           the rate at which users are added, compared with hashing on one core
        """);
    return 2;
}
