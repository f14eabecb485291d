# Runs programs on a pseudo terminal, which `script` of util-linux provides. Dot-source after common.ps1.

# Why there is no terminal; empty if there is one.
$NoTerminal = if (-not $IsLinux -or -not (Get-Command script -CommandType Application -ErrorAction Ignore)) {
    "there is no 'script' of util-linux to provide a terminal"
}

# What starts this PowerShell, which may be `dotnet pwsh.dll`.
$TerminalShell = @([Environment]::ProcessPath)
if ((Split-Path $TerminalShell[0] -LeafBase) -eq 'dotnet') {
    $TerminalShell += Join-Path $PSHOME pwsh.dll
}

# Starts a program on a terminal of its own, with Ctrl+C working even if the tests were started to ignore it.
function Start-Terminal([string[]] $Command, [hashtable] $Environment = @{}) {
    if ($NoTerminal) {
        Set-ItResult -Skipped -Because $NoTerminal
    }
    $start = [System.Diagnostics.ProcessStartInfo]::new('script')
    $quoted = $Command.ForEach({ "'$($_.Replace("'", "'\''"))'" }) -join ' '
    $script = "stty -echo rows 40 cols 250; exec env --default-signal=INT $quoted"
    '-qec', $script, '/dev/null' | ForEach-Object { $start.ArgumentList.Add($_) }
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    $start.Environment['TERM'] = 'xterm'
    $start.Environment['SHELL'] = '/bin/sh'
    # The history of typed lines.
    $start.Environment['XDG_DATA_HOME'] = Join-Path $TestDrive data
    $null = $start.Environment.Remove('NO_COLOR')
    foreach ($name in $Environment.Keys) {
        $start.Environment[$name] = $Environment[$name]
    }
    @{ Process = [System.Diagnostics.Process]::Start($start); Screen = [System.Text.StringBuilder]::new(); Read = 0 }
}

# Reads until the terminal shows one of the texts after what was waited for before, or without a text until the program
# ends; returns what was shown in between.
function Wait-Terminal($Terminal, [string[]] $Text) {
    $deadline = [System.Threading.CancellationTokenSource]::new([timespan]::FromMinutes(3))
    $buffer = [char[]]::new(4096)
    while ($true) {
        $new = $Terminal.Screen.ToString($Terminal.Read, $Terminal.Screen.Length - $Terminal.Read)
        $found = $Text.Where({ $new.Contains($_) })
        $ends = $found.ForEach({ $new.IndexOf($_, [StringComparison]::Ordinal) + $_.Length })
        if ($ends) {
            $end = ($ends | Measure-Object -Minimum).Minimum
            $Terminal.Read += $end
            return $new.Substring(0, $end)
        }
        try {
            $reading = $Terminal.Process.StandardOutput.ReadAsync($buffer, $deadline.Token)
            $count = $reading.AsTask().GetAwaiter().GetResult()
        }
        catch [OperationCanceledException] {
            throw "The terminal did not show '$Text' within three minutes, but: $new"
        }
        if ($count -eq 0) {
            if ($Text) {
                throw "The program ended before it showed '$Text'. It showed: $new"
            }
            return $new
        }
        $shown = [string]::new($buffer, 0, $count)
        $null = $Terminal.Screen.Append($shown)
        if ($shown.Contains("`e[6n")) {
            # The program asks where the cursor is, and waits for the answer.
            $line = "$($Terminal.Screen)" -split '[\r\n]' | Select-Object -Last 1
            Send-Key $Terminal "`e[10;$(($line -replace '\e[[\]]?[\d;?]*[A-Za-z=>]').Length + 1)R"
        }
    }
}

function Send-Key($Terminal, [string] $Keys) {
    $Terminal.Process.StandardInput.Write($Keys)
    $Terminal.Process.StandardInput.Flush()
}

# Waits until the program has ended; returns the rest of what it showed.
function Close-Terminal($Terminal) {
    Wait-Terminal $Terminal
    $Terminal.Process.WaitForExit()
}

function Stop-Terminal($Terminal) {
    if ($Terminal) {
        $Terminal.Process.Kill($true)
        $Terminal.Process.Dispose()
    }
}
