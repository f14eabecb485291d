# What the module promises on Windows, as far as Wine can show it: run by run.sh in PowerShell for Windows.

BeforeAll {
    Import-Module C:\PgEdgeUsers
    $env:PGEDGE_AUTH_USER_FILE = 'C:\none\users.yaml'
    $WarningPreference = 'SilentlyContinue'
    $password = ConvertTo-SecureString 'seven quiet lanterns' -AsPlainText -Force
    $login = [pscredential]::new('alice', $password)
    $otherSystems = 'chmod|chown|0600|umask|\bmode\b|\broot\b|/etc'

    function New-TestFile {
        $folder = New-Item "C:\test\$([guid]::NewGuid())" -ItemType Directory -Force
        $path = Join-Path $folder users.yaml
        $null = New-PgEdgeUser alice -Password $password -Annotation Developer -Path $path
        $path
    }

    # Another PowerShell that imports the module and runs a command.
    function Start-Pwsh([string] $Command, [switch] $Answers) {
        $start = [System.Diagnostics.ProcessStartInfo]::new((Join-Path $PSHOME pwsh.exe))
        $options = @('-NoProfile', '-ExecutionPolicy', 'Bypass') + @('-NonInteractive' | Where-Object { -not $Answers })
        $prepared = "`$WarningPreference = 'SilentlyContinue'; Import-Module C:\PgEdgeUsers; $Command"
        $options + @('-Command', $prepared) | ForEach-Object { $start.ArgumentList.Add($_) }
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        [System.Diagnostics.Process]::Start($start)
    }

    function Open-Shared([string] $Path, [string] $Access, [string] $Share) {
        [System.IO.File]::Open($Path, 'Open', $Access, $Share)
    }
}

Describe 'The module on Windows' {
    BeforeEach {
        $file = New-TestFile
    }

    It 'exports every cmdlet of its manifest' {
        $exported = (Import-PowerShellDataFile C:\PgEdgeUsers\PgEdgeUsers.psd1).CmdletsToExport

        (Get-Command -Module PgEdgeUsers).Name | Sort-Object | Should -Be ($exported | Sort-Object)
    }

    It 'adds, changes, renames, removes and restores users, and records it' {
        $null = New-PgEdgeUser bob -Password $password -Path $file
        Set-PgEdgeUser bob -Annotation Analyst -Path $file
        Disable-PgEdgeUser bob -Path $file
        Enable-PgEdgeUser bob -Path $file
        Rename-PgEdgeUser bob robert -Path $file
        Remove-PgEdgeUser robert -Confirm:$false -Path $file
        Restore-PgEdgeUser robert -Path $file

        $robert = Get-PgEdgeUser robert -Path $file
        $robert.Annotation, $robert.Status | Should -Be Analyst, Enabled
        (Get-PgEdgeUserHistory robert -Path $file).Event |
            Should -Be Added, Changed, Changed, Changed, Renamed, Removed, Restored
        (Get-PgEdgeAuditEvent -Path $file).Count | Should -Be 8
    }

    It 'begins, tests, lists and ends sessions' {
        $session = New-PgEdgeSession $login -Path $file

        $session | Test-PgEdgeSession | Should -BeTrue
        (Get-PgEdgeSession -Path $file).Id | Should -Be $session.Id
        $session | Remove-PgEdgeSession
        Get-PgEdgeSession -Path $file | Should -BeNullOrEmpty
    }

    It 'asks for confirmation, and takes the answer from the input' {
        $process = Start-Pwsh "Remove-PgEdgeUser alice -Path '$file'" -Answers
        $process.StandardInput.WriteLine('Y')
        $process.StandardInput.Close()
        $null = $process.StandardOutput.ReadToEndAsync(), $process.StandardError.ReadToEndAsync()
        $process.WaitForExit()

        Get-PgEdgeUser -Path $file | Should -BeNullOrEmpty
    }

    It 'shows the owner of the file, and no mode' {
        $result = Get-PgEdgeUserFile -Path $file

        $result.Owner | Should -Be (Get-Acl $file).Owner
        $result.Mode | Should -BeNullOrEmpty
    }

    It 'finds a file that everyone has access to, and says so without modes and paths of other systems' {
        [System.IO.File]::WriteAllText("$file.copy", (Get-Content $file -Raw))

        Test-PgEdgeUserFile -Path $file -Detailed | Should -BeNullOrEmpty
        $findings = Test-PgEdgeUserFile -Path "$file.copy" -Detailed
        "$($findings.Message)" | Should -BeLike '*access list*'
        $findings | Format-List | Out-String | Should -Not -Match $otherSystems
    }

    # Wine gives everyone access to a file whose access list is set later, as a change does.
    It 'gives access to a new file to its owner and the system only' {
        $allowed = (Get-Acl $file).Access | Where-Object AccessControlType -EQ Allow
        $allowed.IdentityReference.Value | Should -Not -Contain Everyone
        (Get-Acl $file).Owner | Should -BeLike "*\$([Environment]::UserName)"
    }

    It 'refuses a sidecar file that is a hard link of another file, and leaves it unchanged: <sidecar>' -ForEach @(
        @{ Sidecar = 'lock'; Command = { Disable-PgEdgeUser alice -Path $file -ErrorAction Stop } }
        @{ Sidecar = 'audit.jsonl'; Command = { Disable-PgEdgeUser alice -Path $file -ErrorAction Stop } }
        @{ Sidecar = 'history.jsonl'; Command = { Disable-PgEdgeUser alice -Path $file -ErrorAction Stop } }
        @{ Sidecar = 'sessions.json'; Command = { New-PgEdgeSession $login -Path $file -ErrorAction Stop } }
    ) {
        # An empty file could be any sidecar file.
        $victim = (New-Item (Join-Path (Split-Path $file) victim.txt)).FullName
        Remove-Item "$file.$sidecar" -ErrorAction Ignore
        $null = New-Item "$file.$sidecar" -ItemType HardLink -Target $victim

        $command | Should -Throw "*users.yaml.$sidecar*"

        (Get-Item $victim).Length | Should -Be 0
        (Get-PgEdgeUser alice -Path $file).Status | Should -Be Enabled
    }

    It 'renames a full audit file and begins a new one' {
        $audit = "$file.audit.jsonl"
        $full = Open-Shared $audit ReadWrite None
        $full.SetLength(10MB)
        $full.Dispose()

        Set-PgEdgeUser alice -Annotation Lead -Path $file

        Get-Content $audit | Should -HaveCount 1
        (Get-Item "$audit.1").Length | Should -Be 10MB
    }

    # With POSIX semantics, which Wine 8 does not have, a reader that shares everything would not keep the file from
    # being replaced.
    It 'says that a file is open in another process if that keeps it from being replaced: sharing <_>' -ForEach @(
        'Read', 'ReadWrite, Delete'
    ) {
        $reader = Open-Shared $file Read $_
        try {
            { Set-PgEdgeUser alice -Annotation Lead -Path $file -ErrorAction Stop } |
                Should -Throw '*open in another process*'
        }
        finally {
            $reader.Dispose()
        }
        (Get-PgEdgeUser alice -Path $file).Annotation | Should -Be Developer
    }

    It 'checks a session while another program has <_> open for writing' -ForEach @(
        'users.yaml', 'users.yaml.sessions.json'
    ) {
        $session = New-PgEdgeSession $login -Path $file
        $writer = Open-Shared (Join-Path (Split-Path $file) $_) ReadWrite 'ReadWrite, Delete'
        try {
            $session | Test-PgEdgeSession | Should -BeTrue
        }
        finally {
            $writer.Dispose()
        }
    }

    It 'does not read the users while another program has the file open for writing' {
        $writer = Open-Shared $file ReadWrite 'ReadWrite, Delete'
        try {
            { Get-PgEdgeUser -Path $file -ErrorAction Stop } | Should -Throw '*writing*'
        }
        finally {
            $writer.Dispose()
        }
    }

    It 'says that a path is invalid, rather than that the file could not be written' {
        { New-PgEdgeUser bob -Password $password -Path 'C:\test\a|b.yaml' -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidUserFilePath,*'
    }

    It 'refuses an alternate data stream' {
        { New-PgEdgeUser bob -Password $password -Path "$($file):stream" -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidUserFilePath,*'
    }

    It 'names a drive that does not exist, rather than a failed write' {
        { New-PgEdgeUser bob -Password $password -Path Q:\users.yaml -ErrorAction Stop } | Should -Throw '*Q:\*'
    }

    It 'does not search the folders of other systems' {
        # There, /etc would be a folder of the current drive.
        [System.Environment]::CurrentDirectory = 'C:\'
        $null = New-Item C:\etc\pgedge -ItemType Directory -Force
        Copy-Item $file C:\etc\pgedge\postgres-mcp-users.yaml
        Copy-Item $file C:\etc\pgedge\pgedge-postgres-mcp-users.yaml
        $before, $env:PGEDGE_AUTH_USER_FILE = $env:PGEDGE_AUTH_USER_FILE, $null
        try {
            (Get-PgEdgeUserFile).Path | Should -Not -Match 'etc.pgedge'
        }
        finally {
            $env:PGEDGE_AUTH_USER_FILE = $before
        }
    }

    It 'loses no user when two processes add users at once' {
        $other = Start-Pwsh @"
            `$password = ConvertTo-SecureString 'seven quiet lanterns' -AsPlainText -Force
            1..5 | ForEach-Object { `$null = New-PgEdgeUser other`$_ -Password `$password -NoWait -Path '$file' }
"@
        1..5 | ForEach-Object { $null = New-PgEdgeUser this$_ -Password $password -NoWait -Path $file }
        $other.WaitForExit()

        Get-PgEdgeUser -Path $file | Should -HaveCount 11
    }

    It 'leaves a whole file if a process is killed while it changes it' {
        foreach ($delay in 1..3) {
            $editor = Start-Pwsh @"
                for (`$i = 0; ; `$i++) { Set-PgEdgeUser alice -Annotation "edit `$i" -NoWait -Path '$file'; `$i }
"@
            1..(3 * $delay) | ForEach-Object { $acknowledged = [int] $editor.StandardOutput.ReadLine() }
            $editor.Kill()
            $editor.WaitForExit()

            $edit = [int] ((Get-PgEdgeUser alice -Path $file).Annotation -replace 'edit ')
            $edit | Should -BeGreaterOrEqual $acknowledged
        }
        Set-PgEdgeUser alice -Annotation Lead -Path $file
        Get-ChildItem (Split-Path $file) -Force -Filter *.tmp | Should -BeNullOrEmpty
    }

    It 'mentions no mode and no command or path of another system in any error' {
        $messages = $Error.Exception | Where-Object { "$($_.GetType())" -like 'PgEdge*' } | ForEach-Object Message

        $messages.Count | Should -BeGreaterThan 5
        $messages | Should -Not -Match $otherSystems
    }
}
